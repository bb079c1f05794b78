"""The summary says what is better, what a year brings, and where money goes."""

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hvsim.execution.pairing import count_families
from hvsim.runs import Run, RunWriter, claim
from hvsim.runs.summary import _number
from hvsim.simulation.ledger import SPENDING, WITHDRAWN
from runs.ledgers import made_up, manifest

LAST_BIRTHS = 2025
"""First and last fiscal year with births of made-up ledgers, which go on for six months."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two scenarios, their first outcome something desirable."""
    folder = tmp_path_factory.mktemp("summary") / "out"
    about = manifest("today", "more", baseline="today")
    first, *others = about.measures
    good = first.model_copy(update={"kind": "event", "desirable": True})
    about = about.model_copy(update={"measures": (good, *others)})
    texts = dict.fromkeys(("today", "more"), "title: x\n")
    with claim(folder), RunWriter(folder, about, texts) as writer:
        for name, seed in (("today", 1), ("more", 2)):
            ledger = made_up(name, seed=seed)
            writer.add(ledger, 0, count_families(ledger, made_up("today")), seconds=0)
        return writer.finish()


def values(run: Run, scenario: str) -> dict[str, float]:
    own = run.summary[(run.summary["scenario"] == scenario) & (run.summary["uncertainty"] == "")]
    return {
        str(name): float(value) for name, value in zip(own["measure"], own["value"], strict=True)
    }


def test_of_what_is_desirable_more_is_better(run: Run) -> None:
    before, after = values(run, "today"), values(run, "more")
    assert after["gained:harm"] == after["events:harm"] - before["events:harm"] != 0
    assert after["gained_percent:harm"] == pytest.approx(
        100 * (after["events:harm"] / before["events:harm"] - 1), abs=1e-6
    )
    assert after["prevented:depression"] == (
        before["events:depression"] - after["events:depression"]
    )
    assert not {"prevented:harm", "gained:depression", "prevented_percent:harm"} & set(after)


def test_chance_lies_around_what_is_gained(run: Run) -> None:
    rows = run.summary[run.summary["measure"] == "gained:harm"]
    chance = rows[rows["uncertainty"] == "chance only"].iloc[0]
    central = rows[rows["uncertainty"] == ""].iloc[0]
    assert chance["low"] < chance["value"] == central["value"] < chance["high"]


def test_years_add_up_to_the_whole(run: Run) -> None:
    found = values(run, "more")

    def total(what: str) -> float:
        return sum(value for name, value in found.items() if name.startswith(f"{what}:"))

    funnel = run.funnel[(run.funnel["dimension"] == "all") & (run.funnel["scenario"] == "more")]
    steps = funnel.groupby("transition")["families"].sum()
    assert total("year_enrolled") == steps["enrolled"]
    wanting = {w.replace("-", "_"): steps[w] for w in WITHDRAWN}
    assert min(wanting.values()) > 0
    for what, families in {"withdrawn": sum(wanting.values()), **wanting}.items():
        ever = found[what] + found[f"{what}_after_last_births"]
        assert total(f"year_{what}") == ever == families
        until = sum(v for name, v in found.items() if name == f"year_{what}:{LAST_BIRTHS}")
        assert found[what] == total(what) == until < ever
    costs = run.costs[run.costs["scenario"] == "more"]
    assert total("year_received") == pytest.approx(costs["dollars"].sum())
    unspent = costs.loc[costs["category"] == "unspent", "dollars"].sum()
    assert total("year_received") - total("year_spent") == pytest.approx(unspent)


def test_years_hold_averages_of_the_months(run: Run) -> None:
    months: pd.DataFrame = run.capacity[
        (run.capacity["scenario"] == "more") & (run.capacity["month"] < "2025-07")
    ]
    by_month = months.groupby("month")[["enrolled", "visitors"]].sum().mean()
    found = values(run, "more")
    assert found["year_in_service:2025"] == pytest.approx(by_month["enrolled"], abs=1e-5)
    assert found["year_visitors:2025"] == pytest.approx(by_month["visitors"], abs=1e-5)


@given(st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False))
@example(4e-7)
@example(-1.23456789e-9)
@example(3.0000001)
def test_numbers_keep_six_digits_however_small(value: float) -> None:
    text = _number(value)
    assert not {"e", "n"} & set(text)
    assert not text.endswith(".")
    decimals = 1e-6 if abs(value) >= 1 else 1e-5 * abs(value)
    assert abs(float(text) - value) <= decimals


def test_supervision_is_a_part_of_what_is_spent(run: Run) -> None:
    found = values(run, "more")
    parts = [found[f"spent_on:{category}"] for category in SPENDING]
    assert all(part > 0 for part in parts)
    assert sum(parts) == pytest.approx(found["spent"])


def test_an_enrollment_costs_what_its_years_spend(run: Run) -> None:
    found = values(run, "more")
    steps = run.funnel[
        (run.funnel["dimension"] == "all")
        & (run.funnel["scenario"] == "more")
        & (run.funnel["transition"] == "enrolled")
    ]
    by_program = steps[steps["year"] <= LAST_BIRTHS].groupby("program")["families"].sum()
    assert steps["families"].sum() > by_program.sum()
    assert found["spent_per_enrollment"] == pytest.approx(
        found["spent"] / by_program.sum(), abs=1e-6
    )
    for program, enrolled in by_program.items():
        assert found[f"spent_per_enrollment:{program}"] == pytest.approx(
            found[f"spent:{program}"] / enrolled, abs=1e-6
        )
