"""How sure the answer is: an evaluation over draws, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from hvsim.reporting.benefits import lower
from hvsim.reporting.figures import Figures
from hvsim.reporting.findings import called
from hvsim.reporting.words import count, dollars, listed, price
from hvsim.runs import AxisNote, ScenarioNote
from hvsim.runs.evaluating import DOLLARS, Evaluation
from hvsim.scenario.layering import AXIS
from hvsim.scenario.meanings import meaning

_FINE = 100
"""Effects smaller than this are written with a digit beyond the point."""

_KINDS = {
    "chance only": "Chance alone",
    "effect sets": "Effects, least to most favorable",
    "parameters": "All that has a range",
}


@dataclass(frozen=True)
class Sure:
    """An evaluation with the names under which reports tell of it.

    Attributes
    ----------
    figures
        Of the run.
    evaluation
        As stored in its folder.
    """

    figures: Figures
    evaluation: Evaluation

    @property
    def draws(self) -> int:
        """How many there are."""
        return self.evaluation.settled.draws

    @cached_property
    def notes(self) -> dict[str, ScenarioNote]:
        """Strategies by name, the baseline first."""
        return {note.name: note for note in self.figures.manifest.scenarios}

    @property
    def others(self) -> list[ScenarioNote]:
        """Those that are compared with the baseline."""
        return self.figures.others

    def title(self, name: object) -> str:
        """A strategy's title."""
        return self.notes[str(name)].title

    @property
    def unit(self) -> str:
        """One unit of the effect, inside a sentence: ``episodes of harm prevented``."""
        settled = self.evaluation.settled
        head, _, tail = settled.effect_label.rpartition(": ")
        return f"{lower(head)} {tail}" if head else lower(tail)

    @property
    def in_dollars(self) -> bool:
        """Whether the effect is what is saved, and no outcome."""
        return self.evaluation.settled.effect == DOLLARS

    @property
    def per(self) -> str:
        """For what a willingness to pay is: ``per unit``, ``per QALY``, ``per dollar saved``."""
        return f"per {self.evaluation.settled.effect_one}"

    @property
    def named(self) -> str:
        """The unit, where `per` does not say it."""
        return self.unit if self.evaluation.settled.effect_one == "unit" else ""

    @property
    def price(self) -> str:
        """The willingness to pay at which single numbers are given, in words."""
        return f"{price(self.evaluation.settled.at)} {self.per}"

    @property
    def worth_of_one(self) -> str:
        """What is known of the worth of a unit, in a sentence."""
        if self.in_dollars:
            return "A dollar saved counts as one; curves show what follows if it counts otherwise."
        if not self.named:
            return "What a QALY is worth is a convention: results are shown over a range."
        return "Nobody knows what one of it is worth: results are shown over a range."

    def amounts(self, values: Iterable[float]) -> Callable[[float], str]:
        """How effects of this size are written."""
        digits = int(max(map(abs, values)) < _FINE)
        return dollars if self.in_dollars else lambda value: count(value, digits)

    @cached_property
    def best(self) -> ScenarioNote:
        """Of those compared with the baseline the one with the greatest mean effect."""
        effects = self.evaluation.plane.set_index("strategy")["inc_effect"]
        return self.notes[str(effects.idxmax())]

    @property
    def helps(self) -> float:
        """Share of draws in which that one does more than the baseline."""
        own = self.evaluation.plane.set_index("strategy")
        columns = ("costs_more_does_more", "costs_less_does_more")
        return sum(float(own[column][self.best.name]) for column in columns)

    def steps(self) -> list[tuple[ScenarioNote, float]]:
        """The frontier: strategies, and the willingness to pay from which each is the best."""
        table = self.evaluation.strategies
        frontier = table[table["status"] == "ND"]
        return [
            (self.notes[str(row["strategy"])], 0.0 if math.isnan(row["icer"]) else row["icer"])
            for _, row in frontier.iterrows()
        ]

    def choices(self) -> list[str]:
        """Which strategy is the best choice at what willingness to pay, fullest to shortest."""
        (first, _), *others = self.steps()
        if not others:
            return [f"{called(first)} costs least and does most: the best choice at any price."]
        lead = f"{called(first)} is the best choice below {price(others[0][1])}"
        parts = [f"{called(note)} from {price(step)} on" for note, step in others[1:]]
        rest = listed([f"{called(others[0][0])} above", *parts])
        last, step = others[-1]
        found = [
            f"{lead} {self.per} of {self.named}, {rest}.",
            f"{lead} {self.per}, {rest}.",
            f"{called(last)} is the best choice above {price(step)} {self.per}.",
        ]
        return found[not self.named :]

    @property
    def worth(self) -> float:
        """What knowing everything would be worth, where single numbers are given."""
        table = self.evaluation.perfect_information
        return float(table.set_index("wtp")["evpi"][self.evaluation.settled.at])

    def parameter(self, path: str) -> str:
        """A parameter's path in words: ``Welcome Baby: effects, harm, hazard ratio``."""
        if path.startswith(AXIS):
            return self.kind(path)
        path, _, where = path.partition(" @ ")
        head = next((own for own in self._named if path.startswith(f"{own}.")), "")
        rest = path.removeprefix(f"{head}.")
        words = [step.replace("_", " ").replace("-", " ") for step in rest.split(".")]
        said = f"{self._named[head]}: {', '.join(words)}" if head else ", ".join(words)
        return f"{said} ({self.title(where)})" if where else said

    def meaning(self, path: str) -> str:
        """What a parameter is, in the words of the schema; empty if these do not know it."""
        return meaning(path.partition(" @ ")[0])

    def kind(self, name: str) -> str:
        """A kind of uncertainty in words."""
        if not name.startswith(AXIS):
            return _KINDS[name]
        axis = name.removeprefix(AXIS)
        if axis not in self._axes:
            return axis.replace("-", " ")  # a posterior may name what no file does
        return self._axes[axis].label

    def value(self, path: str, value: float) -> str:
        """A value of a parameter in words: of a structure its alternative."""
        axis = self._axes.get(path.removeprefix(AXIS)) if path.startswith(AXIS) else None
        if axis is not None:
            return axis.alternatives[int(value)].label
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"

    @cached_property
    def _named(self) -> dict[str, str]:
        """What has a label, by the beginning of its parameters' paths."""
        named = {f"programs.{name}": label for name, label in self.figures.programs.items()}
        named |= {f"outcomes.{m.name}": m.label for m in self.figures.manifest.measures}
        named |= self.figures.labels("chains", "doors", "funding", "hubs")
        named |= {"screening": "The screen"}
        settled = self.evaluation.settled  # its prices: the run may have others, or none
        named |= {f"costs.{name}": f"price, {label}" for name, label in settled.costs.items()}
        named |= {
            f"quality_of_life.{name}": f"QALYs, {label}"
            for name, label in settled.quality_of_life.items()
        }
        return named

    @cached_property
    def _axes(self) -> dict[str, AxisNote]:
        about = self.figures.manifest.structures
        return {} if about is None else {one.name: one for one in about.axes}
