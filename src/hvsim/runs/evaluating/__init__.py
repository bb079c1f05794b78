"""The economic evaluation of a run with draws of parameters: tables, and where they are stored.

>>> from hvsim.runs import read_run
>>> from hvsim.runs.evaluating import Question, evaluate
>>> found = evaluate(read_run("runs/idea"), Question(perspective="public"))  # doctest: +SKIP
>>> found.strategies  # doctest: +SKIP
"""

from hvsim.runs.evaluating.evaluation import Evaluation, Settled, evaluate
from hvsim.runs.evaluating.question import (
    DOLLARS,
    PERSPECTIVES,
    QALYS,
    EvaluationError,
    Question,
    grid,
)
from hvsim.runs.evaluating.storing import evaluate_anew, read_evaluation, store

__all__ = [
    "DOLLARS",
    "PERSPECTIVES",
    "QALYS",
    "Evaluation",
    "EvaluationError",
    "Question",
    "Settled",
    "evaluate",
    "evaluate_anew",
    "grid",
    "read_evaluation",
    "store",
]
