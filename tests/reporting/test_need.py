"""By what groups need service: something bad that happens, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from execution.harbor_run import harbor
from hvsim.reporting.equity import divided, draw_equity
from hvsim.reporting.figures import Figures
from hvsim.reporting.shares import Share
from hvsim.runs import Measure, read_run
from hvsim.runs.rows import Row
from reporting.invented import DEPRESSION, HARM, READY, TODAY, WIDE, figures, prevented


def measured(*measures: Measure, **events: float) -> Figures:
    """Runs with these measures alone, all of which a strategy moves, the last one most."""
    more = [Row("today", f"events:{name}", "", count) for name, count in events.items()]
    for place, own in enumerate(measures):
        most = 3.0 + place
        share = Share(most - 1, most - 2, most, 0.0, 0.1)
        more += prevented("wide", own.name, share, own.benefit)
    found = figures([TODAY, WIDE], more=more)
    found.manifest = found.manifest.model_copy(update={"measures": measures})
    return found


def test_need_is_never_something_good() -> None:
    found = measured(DEPRESSION, READY, depression=300, ready=900)
    assert found.main == READY
    assert found.need == DEPRESSION
    assert measured(READY, ready=900).need is None


def test_harm_is_the_need_where_there_is_any() -> None:
    assert measured(HARM, DEPRESSION, depression=300).need == HARM  # invented runs have harm
    assert measured(DEPRESSION, READY, ready=900).need is None


def without(folder: Path, *outcomes: str) -> Figures:
    """Harbor County, in which some outcomes never happen."""
    run = read_run(folder)
    run.__dict__["outcomes"] = run.outcomes[~run.outcomes["outcome"].isin(outcomes)]
    none = run.summary["measure"].str.partition(":")[2].isin(outcomes)
    zero = {name: run.summary[name].mask(none, 0.0) for name in ("value", "low", "high")}
    run.__dict__["summary"] = run.summary.assign(**zero)
    return Figures(run)


@pytest.mark.parametrize("happening", [("ed-visits", "depression"), ()])
def test_a_county_without_harm_gets_its_page(happening: Sequence[str], tmp_path: Path) -> None:
    names = [measure.name for measure in harbor().manifest.measures]
    found = without(harbor().folder, *(name for name in names if name not in happening))
    assert (found.need is not None and found.need.name in happening) == bool(happening)
    assert (found.need is None) == (not happening)
    assert bool(draw_equity(found, tmp_path)) == bool(happening)
    assert bool(divided(found)) == bool(happening)
