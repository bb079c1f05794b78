"""Evaluation of drawn prices and of QALYs."""

import numpy as np
import pandas as pd
import pytest

from hvsim.economics import (
    load_prices,
)
from hvsim.runs.evaluating import (
    EvaluationError,
    Question,
    evaluate,
)
from hvsim.runs.evaluating.arrays import asked_of
from runs.pretended import pretended

AS_IT_HAPPENS = ["discounting.costs_per_year=0%"]


def wide(table: pd.DataFrame, column: str) -> pd.DataFrame:
    return table.pivot_table(index="wtp", columns="strategy", values=column)


def test_prices_with_a_range_are_drawn_and_move_what_is_saved() -> None:
    run, _ = pretended()
    share = "costs.episode.cashable"  # of the only cost whose outcome this run knows
    question = Question(effect="dollars", perspective="public")
    ranged = load_prices(
        run.folder / "prices.yaml",
        [f"{share}={{value: 40%, low: 10%, high: 80%, assumption: made up}}"],
    )
    drawn, as_written = (asked_of(run, question, prices) for prices in (ranged, run.prices))
    assert share in drawn.parameters
    assert share not in as_written.parameters
    own = [
        name
        for name in map(str, drawn.parameters)
        if name.startswith(("costs.", "quality_of_life."))
    ]
    assert drawn.groups["prices and quality of life"] == own
    times = drawn.parameters[share].to_numpy() / 0.4
    assert np.ptp(times) > 0.5
    assert as_written.gain[:, 1:].all()
    assert drawn.gain == pytest.approx(as_written.gain * times[:, np.newaxis])


LOSSES = [
    "quality_of_life.maltreatment.outcome=harm",
    "quality_of_life.maltreatment.loss={value: 0.5, low: 0.3, high: 0.8, assumption: made up}",
    "quality_of_life.maternal-depression.outcome=depression",
]


def test_qalys_are_what_outcomes_take_from_every_draw() -> None:
    run, _ = pretended()
    prices = load_prices(run.folder / "prices.yaml", [*AS_IT_HAPPENS, *LOSSES])
    found = asked_of(run, Question(effect="qalys"), prices)
    keys = ["outcome", "measure", "draw", "scenario"]
    rows = run.draws("outcomes").groupby(keys)["value"].sum() / 2
    loss = found.parameters["quality_of_life.maltreatment.loss"]
    assert loss.std() > 0.05
    for place, name in enumerate(("universal", "targeted"), start=1):
        children, months = (
            (rows[kind].unstack()["today"] - rows[kind].unstack()[name])
            for kind in (("harm", "children"), ("depression", "person_months"))
        )
        gained = children * loss + months * 0.23 / 12
        assert found.gain[:, place] == pytest.approx(gained.to_numpy())
    assert found.perspective_name == "programs"
    assert (found.effect.label, found.effect.unit, found.effect.one) == (
        "QALYs gained",
        "QALYs",
        "QALY",
    )


def test_qalys_are_told_with_their_discounting() -> None:
    run, _ = pretended()
    prices = load_prices(run.folder / "prices.yaml", [*AS_IT_HAPPENS, *LOSSES])
    remarks = evaluate(run, Question(effect="qalys"), prices).settled.remarks
    assert remarks[0] == (
        "QALYs of “Maltreatment, in adulthood” are discounted at 3% a year to the event, and "
        "events at 0%."
    )
    assert evaluate(run, Question(), prices).settled.remarks == ()


def test_qalys_of_months_are_those_of_states() -> None:
    run, _ = pretended()
    wrong = [
        "quality_of_life.maltreatment.per=year",
        "quality_of_life.maltreatment.discounted_at=null",
    ]
    prices = load_prices(run.folder / "prices.yaml", [*LOSSES, *wrong])
    found = evaluate(run, Question(effect="qalys"), prices)
    assert found.settled.remarks == (
        "'maltreatment' is per year of 'harm', which is no state in this run: it has events and no "
        "months, so that nothing of it is counted.",
    )
    alone = ["quality_of_life.maternal-depression.outcome=peace"]
    prices = load_prices(run.folder / "prices.yaml", [*LOSSES[:2], *wrong, *alone])
    with pytest.raises(EvaluationError, match="per month or year of states alone"):
        evaluate(run, Question(effect="qalys"), prices)


def test_qalys_without_any_loss_are_refused_and_so_is_counting_them_twice() -> None:
    run, _ = pretended()
    none = load_prices(overrides=["quality_of_life.maltreatment.outcome=feuds"])
    with pytest.raises(EvaluationError, match="say of no outcome of this run what it takes"):
        asked_of(run, Question(effect="qalys"), none)
    with pytest.raises(EvaluationError, match="'qalys' would count it twice"):
        asked_of(run, Question(effect="qalys", perspective="society"))
