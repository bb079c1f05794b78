"""Numbers of runs that never were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from hvsim.reporting.figures import Figures
from hvsim.reporting.shares import Share
from hvsim.runs import Manifest, Measure, Program, Run, ScenarioNote
from hvsim.runs.manifest import Effects
from hvsim.runs.rows import CHANCE, EFFECT_SETS, Row

HARM = Measure(name="harm", label="Episodes of harm", unit="episodes", kind="harm")
REPORTED = Measure(name="reported", label="Reported", unit="reports", kind="report")
DEPRESSION = Measure(name="depression", label="Maternal depression", unit="onsets", kind="state")
READY = Measure(
    name="ready", label="Ready for school", unit="children", kind="status", desirable=True
)
VISITS = Program(name="light", label="Light visits", track="light")
NONE = Share(0.0, 0.0, 0.0, 0.0, 0.0)
SOME = Share(1.0, -0.2, 1.5, 0.0, 0.1)


def scenario(name: str, title: str = "", *, programs: bool = True) -> ScenarioNote:
    return ScenarioNote(
        name=name,
        title=title or name.capitalize(),
        question="",
        sha256="",
        programs=(VISITS,) if programs else (),
        doors=(),
        streams=(),
        regions=(),
    )


def figures(
    notes: Sequence[ScenarioNote],
    harm: Mapping[str, Share] | None = None,
    *,
    spent: Mapping[str, float] | None = None,
    unspent: float = 0.0,
    baseline: str | None = "today",
    more: Sequence[Row] = (),
) -> Figures:
    """Numbers of a run that never was."""
    rows: list[Row] = list(more)
    for note in notes:
        money = (spent or {}).get(note.name, 100e6) if note.programs else 0.0
        enrolled = 1000.0 if note.programs else 0.0
        rows += [
            Row(note.name, "enrolled", "families", enrolled),
            Row(note.name, "spent", "USD", money),
            Row(note.name, "unspent", "USD", unspent * money),
            Row(note.name, "events:harm", "episodes", 10_000),
        ]
    for name, share in (harm or {}).items():
        rows += prevented(name, "harm", share)
    manifest = Manifest(
        status="complete",
        command="compare" if baseline else "run",
        place="Nowhere",
        start="2024-07",
        end="2028-06",
        follow_up_months=24,
        fiscal_year_starts=7,
        price_year=2023,
        baseline=baseline,
        scenarios=tuple(notes),
        draws=(Effects(draw=0, effects="central"),),
        seed=1,
        seeds=(1,),
        scale=1.0,
        uncertainty=("chance",),
        measures=(HARM, DEPRESSION, REPORTED, READY),
        left_out=(),
        versions={},
        evidence_sha256="",
    )
    run = Run(Path("nowhere"), manifest)
    run.__dict__["summary"] = pd.DataFrame([vars(row) for row in rows])
    months = ["2024-06", "2024-07", "2025-07"]
    run.__dict__["capacity"] = pd.DataFrame(
        {"month": months, "scenario": "today", "visitors": 0, "vacancies": 0}
    )
    return Figures(run)


def prevented(name: str, measure: str, share: Share, word: str = "prevented") -> list[Row]:
    """Rows of the summary, of what is prevented or, of what is desirable, gained."""
    kind = "" if share.low is None else EFFECT_SETS
    percent = f"{word}_percent:{measure}"
    rows = [Row(name, percent, "percent", share.value, share.low, share.high, kind)]
    counts = [None if x is None else 100 * x for x in (share.value, share.low, share.high)]
    assert counts[0] is not None
    rows.append(Row(name, f"{word}:{measure}", "", counts[0], counts[1], counts[2], kind))
    spread = 100 * share.chance
    ends = (counts[0] - spread, counts[0] + spread)
    rows.append(Row(name, f"{word}:{measure}", "", counts[0], *ends, CHANCE))
    if share.unaided is not None:
        unaided = f"{word}_if_no_effect_percent:{measure}"
        rows.append(Row(name, unaided, "percent", share.unaided))
        rows.append(Row(name, f"{word}_if_no_effect:{measure}", "", 100 * share.unaided))
    return rows


TODAY, WIDE, DEEP = scenario("today"), scenario("wide"), scenario("deep")
NOTHING = scenario("nothing", "No visits", programs=False)
