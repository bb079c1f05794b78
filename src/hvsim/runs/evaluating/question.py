"""What an economic evaluation asks: of which effect, for whom, at what willingness to pay."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import Field

from hvsim.economics.valuation.valuing import BENEFIT, CAPACITY, CASHABLE
from hvsim.runs.manifest import Manifest, Measure, Part

DOLLARS: Final = "dollars"
"""The effect that counts what is saved, in place of an outcome."""

QALYS: Final = "qalys"
"""The effect that counts quality-adjusted life-years, by what prices say that outcomes take."""


MOST: Final = 1e60
"""Dollars for a unit beyond which the squares of net benefits are too large for a computer."""


class EvaluationError(ValueError):
    """A question that a run cannot answer."""


@dataclass(frozen=True)
class Perspective:
    """Whose costs count, and what of outcomes counts as dollars.

    Attributes
    ----------
    label
        As reports name it.
    view
        View of the prices.
    saves
        Kinds of dollars that outcomes cost, beside those of programs.
    """

    label: str
    view: str
    saves: tuple[str, ...]


PERSPECTIVES: Final[Mapping[str, Perspective]] = {
    "programs": Perspective("what programs cost, whoever pays", "lifetime", ()),
    "public": Perspective(
        "public budgets: what programs cost them, less what they save in cash",
        "fiscal",
        (CASHABLE,),
    ),
    "society": Perspective(
        "everybody, over lifetimes: what programs cost, and all that outcomes cost",
        "lifetime",
        (BENEFIT, CASHABLE, CAPACITY),
    ),
}
"""By name. No perspective counts a prevented outcome in dollars and, as the effect, once more."""

_COUNTS: Final = {"": "events", "_months": "person_months"}
"""What a name of an effect may say between `prevented` and the outcome, and what is counted."""


class Question(Part):
    """What is asked of a run; what is left open is settled from the run (`asked_of`).

    Attributes
    ----------
    effect
        ``prevented:OUTCOME``, ``gained:OUTCOME``, ``prevented_months:STATE`` or the like, as in
        ``summary.csv``, `QALYS` or `DOLLARS`. Empty: harm, else the first outcome, else dollars.
    perspective
        One of `PERSPECTIVES`. Empty: ``programs`` for an outcome, ``society`` for dollars.
    wtp
        Willingness to pay for a unit of the effect, dollars, rising. Empty: from zero to beyond
        the last step of the frontier; for dollars from 0 to 2, the weight of a dollar saved.
    at
        The one at which single numbers are given; curves hold it too. None: about where the first
        strategy beyond the cheapest becomes worth its cost; for dollars 1.
    groups
        Sets of parameters, patterns of their paths by name, for what it would be worth to know
        each. Empty: by what they are about (`hvsim.runs.evaluating.families`).
    inflation
        Per year, for years beyond the price index. None: its average growth.
    level
        Share of draws that intervals hold.
    """

    effect: str = ""
    perspective: str = ""
    wtp: tuple[float, ...] = ()
    at: float | None = None
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    inflation: float | None = None
    level: float = 0.95


_TOTALS: Final = {
    DOLLARS: ("Dollars saved", "dollars saved", "dollar saved"),
    QALYS: ("QALYs gained", "QALYs", "QALY"),
}
"""Effects that add up several outcomes: their label, their unit, and one of it."""


@dataclass(frozen=True)
class Effect:
    """What is counted as the effect.

    Attributes
    ----------
    name
        As in the question.
    measure
        Outcome measure; none for QALYs and dollars.
    count
        ``events`` or ``person_months``.
    """

    name: str
    measure: Measure | None
    count: str = "events"

    @property
    def label(self) -> str:
        """In words: ``Episodes of harm: prevented``."""
        if self.measure is None:
            return _TOTALS[self.name][0]
        months = ", months in it" if self.count == "person_months" else ""
        return f"{self.measure.title}{months}: {self.measure.benefit}"

    @property
    def unit(self) -> str:
        """What one of it is called, in the plural."""
        if self.measure is None:
            return _TOTALS[self.name][1]
        return "months" if self.count == "person_months" else self.measure.unit

    @property
    def one(self) -> str:
        """One of it, after "per"."""
        return "unit" if self.measure is not None else _TOTALS[self.name][2]


def effect_of(manifest: Manifest, name: str) -> Effect:
    """The effect of that name; of an empty name the one that stands for the run.

    Raises
    ------
    EvaluationError
        If the run has none of that name.
    """
    if name in _TOTALS:
        return Effect(name, None)
    judged = [measure for measure in manifest.measures if measure.is_judged]
    if not name and not judged:
        return Effect(DOLLARS, None)
    if not name:
        main = next((measure for measure in judged if measure.kind == "harm"), judged[0])
        return Effect(f"{main.benefit}:{main.name}", main)
    known = {
        f"{measure.benefit}{months}:{measure.name}": Effect(
            f"{measure.benefit}{months}:{measure.name}", measure, count
        )
        for measure in judged
        for months, count in _COUNTS.items()
        if not months or measure.kind == "state"
    }
    if name not in known:
        raise EvaluationError(
            f"no effect '{name}' in this run; there are {', '.join([*known, *_TOTALS])}"
        )
    return known[name]


def perspective_of(name: str, effect: Effect) -> str:
    """Name of the perspective, which must fit the effect.

    Raises
    ------
    EvaluationError
        If there is none of that name, if it counts the effect a second time, or if nothing that it
        counts is saved.
    """
    if not name:
        return "society" if effect.name == DOLLARS else "programs"
    if name not in PERSPECTIVES:
        raise EvaluationError(f"no perspective '{name}'; there are {', '.join(PERSPECTIVES)}")
    if effect.name == DOLLARS and not PERSPECTIVES[name].saves:
        raise EvaluationError(
            f"perspective '{name}' counts nothing that is saved: '{DOLLARS}' would be zero. "
            "Choose public or society"
        )
    if effect.name != DOLLARS and BENEFIT in PERSPECTIVES[name].saves:
        raise EvaluationError(
            f"perspective '{name}' holds what outcomes are worth over a lifetime, in dollars: "
            f"'{effect.name}' would count it twice. Choose programs or public, or the effect "
            f"'{DOLLARS}'"
        )
    return name


def grid(text: str) -> tuple[float, ...]:
    """Values of the willingness to pay from ``LOW:HIGH:STEP``, or a list with commas.

    Raises
    ------
    EvaluationError
        If it is neither, or a value is negative, beyond `MOST` or not a number.
    """
    wrong = EvaluationError(
        f"'{text}' is no range of a willingness to pay; write LOW:HIGH:STEP, for example "
        "0:200000:5000, or dollars with commas between: 50000,100000"
    )
    try:
        if ":" in text:
            low, high, step = (float(part) for part in text.split(":"))
            if not (0 <= low < high <= MOST and 0 < step <= high - low):
                raise wrong
            steps = math.floor((high - low) / step + 1e-9) + 1
            if steps > _MOST_VALUES:
                raise EvaluationError(f"'{text}' has more than {_MOST_VALUES} values")
            return tuple(low + step * place for place in range(steps))
        values = tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise error if isinstance(error, EvaluationError) else wrong from None
    if not all(0 <= value <= MOST for value in values):
        raise wrong
    return tuple(sorted(set(values)))


_MOST_VALUES: Final = 1000
