"""What may be asked of a run folder with draws, what is refused, and how answers are kept."""

import json
import math
import shutil
from pathlib import Path

import pandas as pd
import pytest

from hvsim.economics import load_prices
from hvsim.runs import Run, RunFolderError, claim
from hvsim.runs.evaluating import (
    Evaluation,
    EvaluationError,
    Question,
    evaluate,
    grid,
    read_evaluation,
    store,
)
from hvsim.runs.evaluating.evaluation import TABLES
from hvsim.runs.evaluating.families import FAMILIES, OTHERS, families, family_of
from runs.pretended import pretended


def test_parameters_belong_to_what_they_are_about() -> None:
    known = {
        "structure:dose": "how the world works",
        "programs.light.effects.harm.hazard_ratio": "effects of visits",
        "programs.light.fade_half_life": "effects of visits",
        "programs.light.surveillance.cps.detection_odds_ratio": "seeing and reporting",
        "programs.light.staff.cost_per_visitor": "staff and money",
        "funding.county.split.light": "staff and money",
        "programs.light.accepts": "who accepts, waits and stays",
        "screening.flagged @ today": "doors, hubs and the screen",
        "outcomes.harm.trend": "risks of families",
        "something.else": OTHERS,
    }
    assert {name: family_of(name) for name in known} == known
    sets = families(list(known))
    assert sum(map(len, sets.values())) == len(known)
    assert list(sets) == [name for name in (*FAMILIES, OTHERS) if name in sets]


def test_somebody_names_sets_of_parameters() -> None:
    run, _ = pretended()
    groups: dict[str, tuple[str, ...]] = {"acceptance": ("programs.*.accepts",), "all": ("*",)}
    found = evaluate(run, Question(groups=groups, wtp=(0.0, 1e5), at=1e5))
    assert found.settled.groups["acceptance"] == ("programs.light.accepts",)
    table = found.partial_information
    assert set(table.loc[table["kind"] == "group", "name"]) == set(groups)
    assert len(found.settled.groups["all"]) == found.settled.parameters


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (Question(effect="prevented:peace"), "no effect 'prevented:peace' in this run; there are"),
        (
            Question(perspective="mine"),
            "no perspective 'mine'; there are programs, public, society",
        ),
        (Question(perspective="society"), "'prevented:harm' would count it twice"),
        (Question(effect="dollars", perspective="programs"), "'dollars' would be zero"),
        (Question(groups={"pay": ("wages.*",)}), "group 'pay': 'wages.\\*' fits no parameter"),
        (Question(at=-1.0), "a willingness to pay of -1; it must be zero or more"),
        (Question(at=math.inf), "a willingness to pay of inf; it must be zero or more, up to"),
        (Question(at=math.nan), "a willingness to pay of nan"),
        (Question(at=1e80), "a willingness to pay of 1e\\+80"),
        (Question(wtp=(0.0, math.inf)), "a willingness to pay of inf"),
    ],
)
def test_what_a_run_cannot_answer_is_refused(question: Question, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        evaluate(pretended()[0], question)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0:10:5", (0, 5, 10)),
        ("0:1:0.1", tuple(0.1 * place for place in range(11))),
        ("5:8:2", (5, 7)),
        ("3,1,3", (1, 3)),
    ],
)
def test_a_range_of_the_willingness_to_pay(text: str, values: tuple[float, ...]) -> None:
    assert grid(text) == pytest.approx(values)


@pytest.mark.parametrize(
    "text", ["", "much", "5:1:1", "0:10:0", "0:10", "-1,2", "0:inf:5", "nan", "1e80"]
)
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(EvaluationError, match="is no range of a willingness to pay"):
        grid(text)
    with pytest.raises(EvaluationError, match="more than 1000 values"):
        grid("0:1000000:1")


def test_few_draws_leave_out_what_they_cannot_tell() -> None:
    run = pretended()[0]
    assert run.manifest.parameter_draws is not None
    some = run.manifest.parameter_draws.model_copy(update={"count": 6})
    few = Run(run.folder, run.manifest.model_copy(update={"parameter_draws": some}))
    found = evaluate(few, Question())
    assert found.settled.draws == 6
    assert found.partial_information.empty
    assert found.tornado.empty
    assert len(found.curves) > 0


def test_a_single_draw_is_not_enough() -> None:
    run = pretended()[0]
    assert run.manifest.parameter_draws is not None
    single = run.manifest.parameter_draws.model_copy(update={"count": 1})
    one = Run(run.folder, run.manifest.model_copy(update={"parameter_draws": single}))
    with pytest.raises(RunFolderError, match="holds 1 draw of parameters; an evaluation needs"):
        evaluate(one)
    none = Run(run.folder, run.manifest.model_copy(update={"parameter_draws": None}))
    with pytest.raises(RunFolderError, match="no draws of parameters; run it with --draws"):
        evaluate(none)
    update = {"valued": None, "not_valued": "nobody pays"}
    unpriced = Run(run.folder, run.manifest.model_copy(update=update))
    with pytest.raises(RunFolderError, match=r"has no prices \(nobody pays\); name a file"):
        evaluate(unpriced)
    assert len(evaluate(unpriced, prices=run.prices).strategies) == 3


def test_prices_of_another_place_are_refused() -> None:
    run = pretended()[0]
    prices = load_prices(run.folder / "prices.yaml", ["place=Elsewhere"])
    with pytest.raises(
        RunFolderError, match=r"cannot be valued: found 'Harbor County'; .*Elsewhere"
    ):
        evaluate(run, prices=prices)


def same(one: Evaluation, other: Evaluation) -> None:
    assert one.settled == other.settled
    for name in TABLES:
        left, right = getattr(one, name), getattr(other, name)
        pd.testing.assert_frame_equal(left, right, check_dtype=False, rtol=1e-8)


def test_what_is_stored_is_what_was_found(tmp_path: Path) -> None:
    run, found = pretended()
    stored = read_evaluation(run)
    assert stored is not None
    same(found, stored)
    copy = Run(tmp_path / "run", run.manifest)
    shutil.copytree(run.folder, copy.folder)
    (copy.folder / "evaluation" / "question.json").unlink()
    assert read_evaluation(copy) is None  # interrupted
    store(copy, found)
    assert read_evaluation(copy) is not None
    old = json.loads((copy.folder / "evaluation" / "question.json").read_text())
    del old["births"]
    (copy.folder / "evaluation" / "question.json").write_text(json.dumps(old))
    with pytest.raises(RunFolderError, match="make it anew with hvsim evaluate"):
        read_evaluation(copy)
    with claim(copy.folder, overwrite=True):
        assert not (copy.folder / "evaluation").exists()


def test_the_same_run_has_the_same_bytes(tmp_path: Path) -> None:
    run, _ = pretended()
    copy = Run(tmp_path / "run", run.manifest)
    shutil.copytree(run.folder, copy.folder)
    again = store(copy, evaluate(run, Question()))
    for name in TABLES:
        own = (run.folder / "evaluation" / f"{name}.csv").read_bytes()
        assert (again / f"{name}.csv").read_bytes() == own
