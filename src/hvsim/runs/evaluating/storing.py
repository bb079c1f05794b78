"""An evaluation in the run folder that it is of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
from pydantic import ValidationError

from hvsim.runs.evaluating.arrays import FEWEST
from hvsim.runs.evaluating.evaluation import TABLES, Evaluation, Settled, evaluate
from hvsim.runs.files import write_text
from hvsim.runs.reading import EVALUATION, Run, RunFolderError

if TYPE_CHECKING:
    from hvsim.economics import Prices

_SETTLED: Final = "question.json"


def store(run: Run, evaluation: Evaluation) -> Path:
    """Write the tables as CSV files into the run folder, in place of earlier ones.

    Returns
    -------
    The folder.
    """
    folder = run.folder / EVALUATION
    # The question comes last: a folder without it was interrupted, and is not read.
    (folder / _SETTLED).unlink(missing_ok=True)
    for name in TABLES:
        table: pd.DataFrame = getattr(evaluation, name)
        text = table.to_csv(index=False, float_format="%.10g", lineterminator="\n")
        write_text(folder / f"{name}.csv", text)
    write_text(folder / _SETTLED, evaluation.settled.model_dump_json(indent=2) + "\n")
    return folder


def evaluate_anew(run: Run, prices: Prices | None = None) -> Evaluation | None:
    """Evaluate a run as it was asked last, or for the first time; nothing is stored.

    Parameters
    ----------
    run
        Any run.
    prices
        Prices; by default those of the run.

    Returns
    -------
    The evaluation; none if the run holds too few draws, or no prices and none are given.

    Raises
    ------
    RunFolderError
        If the prices do not fit the run, or another version of hvsim evaluated it last.
    EvaluationError
        If these prices cannot answer what was asked.
    """
    drawn = run.manifest.parameter_draws
    if drawn is None or drawn.count < FEWEST or (prices is None and run.manifest.valued is None):
        return None
    before = read_evaluation(run)
    return evaluate(run, None if before is None else before.settled.question, prices)


def read_evaluation(run: Run) -> Evaluation | None:
    """The evaluation that is stored in a run folder; none if there is none.

    Raises
    ------
    RunFolderError
        If another version of hvsim wrote it.
    """
    folder = run.folder / EVALUATION
    try:
        settled = Settled.model_validate_json((folder / _SETTLED).read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise RunFolderError(
            f"{folder} is not of this version of hvsim; make it anew with hvsim evaluate"
        ) from error
    return Evaluation(settled, **{name: pd.read_csv(folder / f"{name}.csv") for name in TABLES})
