"""The page in a browser: what a reader sees, filters, prints and reaches without a mouse."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from execution.harbor_run import harbor
from hvsim.reporting.figures import Figures
from hvsim.reporting.rows import said
from hvsim.reporting.words import count, dollars, percent

api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: .[test]")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium on the path (Debian, Ubuntu: apt install chromium)"
    ),
]
STRATEGIES = ("universal", "targeted", "today-again")
EVERYONE = ("all", "all")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with api.sync_playwright() as driver:
        # Chromium as root refuses to start inside its sandbox.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


class Opened:
    """A page in the browser, with what it asked for and complained about."""

    def __init__(self, browser: Any, *, width: int = 1280, script: bool = True) -> None:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.address = (harbor().folder / "report.html").as_uri()
        self.page.goto(self.address)

    def choose(self, **choices: str) -> None:
        """Choose in each filter the first option that begins with a text."""
        for name, text in choices.items():
            options = self.page.locator(f"select[name={name}] option").all()
            values = [o.get_attribute("value") for o in options if o.inner_text().startswith(text)]
            self.page.select_option(f"select[name={name}]", value=values[0])

    def cell(self, table: str, scenario: str, column: str) -> str:
        cell = f"#explore-{table} td[data-scenario='{scenario}'][data-column='{column}']"
        return str(self.page.inner_text(cell))


@pytest.fixture(scope="module")
def opened(browser: Any) -> Opened:
    return Opened(browser)


@pytest.fixture
def desk(opened: Opened) -> Opened:
    opened.page.click(".filters button")
    return opened


def test_it_opens_without_a_complaint_or_a_request(browser: Any) -> None:
    opened = Opened(browser)
    opened.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    opened.page.mouse.wheel(0, 50_000)
    opened.choose(outcome="Maternal depression", group="Medicaid", payer="State")
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith("data:")] == [opened.address]


def test_every_picture_is_drawn(desk: Opened) -> None:
    widths = desk.page.evaluate("Array.from(document.images, image => image.naturalWidth)")
    assert len(widths) > 5
    assert min(widths) > 0


def test_markup_in_titles_stays_text(desk: Opened) -> None:
    assert desk.page.locator("b, today, chosen").count() == 0
    assert 'Harbor County <today> & "now"' in desk.page.inner_text("main")


def events(outcome: str, scenario: str, group: tuple[str, str], year: int | None) -> list[float]:
    """Events under central, low and high effects, from the run folder."""
    frame = harbor().outcomes
    own = frame[
        (frame["outcome"] == outcome)
        & (frame["measure"] == "events")
        & (frame["scenario"] == scenario)
        & (frame["dimension"] == group[0])
        & (frame["group"] == group[1])
    ]
    own = own if year is None else own[own["year"] == year]
    return [float(own.loc[own["draw"] == draw, "value"].sum()) for draw in (0, 1, 2)]


def ranged(values: list[float], form: Any) -> str:
    value, low, high = form(values[0]), form(min(values)), form(max(values))
    return str(value) if value == low == high else f"{value} ({low} to {high})"


@pytest.mark.parametrize(
    "outcome", ["ed-visits", "harm", "reported", "substantiated", "depression"]
)
@pytest.mark.parametrize(
    ("group", "chosen"),
    [
        (EVERYONE, "Everyone"),
        (("region", "north"), "North shore"),
        (("payer", "medicaid"), "Medicaid"),
        (("risk_group", "high"), "High risk"),
    ],
)
@pytest.mark.parametrize("year", [None, 2025])
def test_outcomes_are_those_of_the_run_folder(
    desk: Opened,
    outcome: str,
    group: tuple[str, str],
    chosen: str,
    year: int | None,
) -> None:
    measure = next(m for m in harbor().manifest.measures if m.name == outcome)
    page = desk.page
    page.select_option("select[name=outcome]", value=outcome)
    desk.choose(group=chosen, year="All years" if year is None else "2024-25")
    before = events(outcome, "today", group, year)
    caption = page.inner_text("#explore-outcomes caption")
    assert caption == f"{measure.title}: {measure.benefit}"
    for scenario in STRATEGIES:
        after = events(outcome, scenario, group, year)
        sign = -1 if measure.desirable else 1
        better = [sign * (was - now) for was, now in zip(before, after, strict=True)]
        shares = [100 * b / was if was else 0.0 for b, was in zip(better, before, strict=True)]
        assert desk.cell("outcomes", scenario, "percent") == ranged(shares, percent)
        if measure.kind == "harm":
            assert not page.is_visible("#explore-outcomes td[data-column=before]")
        else:
            assert desk.cell("outcomes", scenario, "before") == count(before[0])
            assert desk.cell("outcomes", scenario, "after") == count(after[0])
            assert desk.cell("outcomes", scenario, "better") == ranged(better, count)


def test_reach_is_that_of_the_run_folder(desk: Opened) -> None:
    frame = harbor().funnel
    frame = frame[(frame["draw"] == 0) & (frame["dimension"] == "region")]
    frame = frame[(frame["group"] == "south") & (frame["year"] == 2026)]
    desk.choose(group="south", year="2025-26")
    sums = frame.groupby(["scenario", "transition"])["families"].sum()
    for scenario in ("today", "universal"):
        for step in ("births", "screened", "enrolled", "visits-completed"):
            assert desk.cell("reach", scenario, step) == count(sums[scenario, step])


@pytest.mark.parametrize("payer", ["", "state", "county", "medicaid"])
@pytest.mark.parametrize("year", [None, 2025])
def test_dollars_are_those_of_the_run_folder(desk: Opened, payer: str, year: int | None) -> None:
    frame: pd.DataFrame = harbor().valuation
    frame = frame[(frame["view"] == "fiscal") & (frame["dimension"] == "all")]
    if payer:
        if desk.page.locator(f"select[name=payer] option[value={payer}]").count() == 0:
            assert payer not in set(frame["payer"])
            return
        desk.page.select_option("select[name=payer]", value=payer)
        frame = frame[frame["payer"] == payer]
    if year is not None:
        desk.choose(year="2024-25")
        frame = frame[frame["year"] == year]
    sums = frame.groupby(["scenario", "kind", "draw"])["discounted"].sum()
    for kind, sign in (("program cost", 1), ("cashable saving", -1), ("capacity freed", -1)):
        for scenario in STRATEGIES:
            more = [
                sign
                * (sums.get((scenario, kind, draw), 0.0) - sums.get(("today", kind, draw), 0.0))
                for draw in (0, 1, 2)
            ]
            assert desk.cell("dollars", scenario, kind) == ranged(more, dollars)


def test_dollars_of_all_years_and_payers_are_those_of_the_summary(desk: Opened) -> None:
    measures = {"program cost": "added_cost", "cashable saving": "cashable_saving"}
    for kind, measure in measures.items():
        for scenario in STRATEGIES:
            row = Figures(harbor()).row(scenario, f"{measure}:fiscal")
            assert desk.cell("dollars", scenario, kind) == said(row)


def test_the_chosen_is_said_and_can_be_undone(desk: Opened) -> None:
    before = desk.page.inner_text("#explore")
    desk.choose(group="North shore", year="2024-25")
    status = desk.page.inner_text("#explore [role=status]")
    assert all(chosen in status for chosen in ("North shore", "2024-25"))
    assert desk.page.inner_text("#explore") != before
    desk.page.click(".filters button")
    assert desk.page.inner_text("#explore") == before


def test_without_a_script_the_tables_are_there(browser: Any) -> None:
    opened = Opened(browser, script=False)
    assert not opened.page.is_visible("#explore")
    assert not opened.page.is_visible("a[href='#explore']")
    assert opened.page.locator("table:visible").count() > 4


def test_all_can_be_reached_by_keyboard(browser: Any) -> None:
    page = Opened(browser).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(400):
        page.keyboard.press("Tab")
        style = "getComputedStyle(document.activeElement).outlineStyle"
        tag, name, outline = page.evaluate(
            f"[document.activeElement.tagName, document.activeElement.name || '', {style}]"
        )
        if tag == "BODY":
            break
        assert outline != "none", f"no sign of focus on {tag} {name}"
        reached.add(name or tag)
    assert {"outcome", "group", "year", "payer", "SUMMARY", "A", "BUTTON"} <= reached


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_is_wider_than_the_screen(browser: Any, width: int) -> None:
    page = Opened(browser, width=width).page
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_word_longer_than_a_phone_is_wide_is_broken(browser: Any) -> None:
    # Names, paths and hashes are the user's: they stand in titles, paragraphs and lists.
    page = Opened(browser, width=390).page
    for kind in ("h1", "h2", "p", "li", "summary"):
        page.evaluate(f"document.querySelector('main {kind}').append(' ' + 'q'.repeat(200))")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


CONTRAST = """
() => {
  const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92
    : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const found = parts(getComputedStyle(node).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || node.closest("script, style")) continue;
    const [one, other] = [parts(getComputedStyle(node).color), behind(node)].map(light);
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)}: ${walker.currentNode.textContent.trim()}`);
  }
  return poor;
}
"""


def test_letters_stand_out(desk: Opened) -> None:
    """WCAG 2.2, criterion 1.4.3: 4.5 to 1."""
    assert desk.page.evaluate(CONTRAST) == []


def test_on_paper_there_are_no_controls_and_no_side_is_cut(browser: Any) -> None:
    page = Opened(browser, width=700).page
    page.emulate_media(media="print")
    assert not page.is_visible(".contents")
    assert not page.is_visible("button")
    assert page.is_visible("#explore-outcomes")
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
