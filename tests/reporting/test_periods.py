"""Numbers of the page end with the last births where money does, and say whom they count."""

from __future__ import annotations

from hvsim.reporting.table import sections
from hvsim.runs.rows import Row
from reporting.invented import TODAY, WIDE, figures

CUT_OFF = "withdrawn_no_money"


def test_who_is_cut_off_after_the_last_births_stands_apart() -> None:
    families = {"today": (120, 0), "wide": (0, 4000)}
    rows = [
        Row(name, f"{CUT_OFF}{when}", "families", count)
        for name, counts in families.items()
        for when, count in zip(("", "_after_last_births"), counts, strict=True)
    ]
    lines = sections(figures([TODAY, WIDE], more=rows))["reach"].lines
    until = next(place for place, line in enumerate(lines) if line.label == "Cut off: no money")
    assert lines[until].cells == ("120", "0")
    assert lines[until + 1].label == "after the last births"
    assert lines[until + 1].indented
    assert lines[until + 1].cells == ("0", "4,000")


def test_nobody_cut_off_has_no_line() -> None:
    lines = sections(figures([TODAY, WIDE]))["reach"].lines
    assert not [line for line in lines if "ut off" in line.label or "last births" in line.label]
