"""Numbers that a reader filters on the page, and what the tables say before anybody does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from hvsim.reporting.figures import Figures
from hvsim.reporting.groups import DIMENSIONS, WAY, Groups
from hvsim.reporting.payers import FISCAL, payer_labels, valued
from hvsim.runs import ScenarioNote

STEPS: Final = {
    "births": "Births",
    "screened": "Screened",
    "flagged": "Score high",
    "offered": "Offers made",
    "waitlisted": "Offers accepted",
    "enrolled": "Places taken",
    "withdrawn-no-visitor": "Cut off: no visitor",
    "withdrawn-no-money": "Cut off: no money",
    "visits-completed": "Visits made",
}
"""Columns of the table of reach: steps of the way (`groups.WAY`)."""

KINDS: Final = {
    "program cost": "Pays more for programs",
    "cashable saving": "Saves in cash",
    "capacity freed": "Capacity freed",
}
"""Columns of the table of dollars: kinds of dollars of the fiscal view."""


class Explorer:
    """What the filters choose from.

    Parameters
    ----------
    figures
        Those of a run.
    """

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.groups = Groups(figures)
        self.years = [
            {"year": year, "label": figures.year_labels([year])[0]} for year in self.groups.years
        ]
        self.main = figures.main or next(iter(figures.judged), None)

    steps, kinds = STEPS, KINDS

    @property
    def divisions(self) -> dict[str, list[tuple[int, str]]]:
        """Groups under the headings of what divides families, each with its place."""
        found: dict[str, list[tuple[int, str]]] = {}
        for place, group in enumerate(self.groups.groups):
            label = group.label + " (small group)" * group.small
            found.setdefault(DIMENSIONS[group.dimension], []).append((place, label))
        return found

    @property
    def payers(self) -> dict[str, str]:
        """Governments that pay or save, with their labels; empty without dollars."""
        if not valued(self.figures):
            return {}
        held = set(self._dollars["payer"])
        return {name: label for name, label in payer_labels(self.figures).items() if name in held}

    @property
    def compared(self) -> list[ScenarioNote]:
        """Scenarios in the rows of what is prevented and of dollars."""
        return self.figures.others

    @property
    def _dollars(self) -> Any:
        frame = self.figures.run.valuation
        return frame[(frame["view"] == FISCAL) & (frame["dimension"] == "all")]

    def numbers(self) -> Markup:
        """The numbers as JSON that no text in them can end."""
        groups, figures = self.groups, self.figures
        kept = [name for name in ("central", "low", "high") if name in groups.effects]
        draws = [groups.effects.index(name) for name in kept or groups.effects[:1]]
        events = groups.events[..., draws]
        manifest = figures.manifest
        told: dict[str, Any] = {
            "baseline": (groups.scenarios.index(manifest.baseline) if manifest.baseline else None),
            "scenarios": groups.scenarios,
            "years": groups.years,
            "outcomes": {
                measure.name: {
                    "desirable": measure.desirable,
                    "hidden": measure.kind == "harm",
                    "better": f"{measure.title}: {measure.benefit}",
                }
                for measure in figures.judged
            },
            "events": {
                name: [_packed(own) for own in events[place]]
                for place, name in enumerate(groups.outcomes)
            },
            "draws": len(draws),
            "steps": {
                step: [_packed(own) for own in groups.way[WAY.index(step)]] for step in STEPS
            },
            "payers": self._money(),
        }
        text = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
        return Markup(text.replace("<", "\\u003c"))

    def _money(self) -> Mapping[str, Any]:
        """Discounted dollars by payer, kind, scenario, year and effect set."""
        if not self.payers:
            return {}
        frame, manifest, groups = self._dollars, self.figures.manifest, self.groups
        effects = [name for name in ("central", "low", "high") if name in groups.effects]
        draws = {manifest.draw_of(name): place for place, name in enumerate(effects)}
        sums = frame.groupby(["payer", "kind", "scenario", "year", "draw"])["discounted"].sum()
        found: dict[str, Any] = {
            payer: {
                kind: [[0.0] * (len(groups.years) * len(effects)) for _ in groups.scenarios]
                for kind in KINDS
            }
            for payer in self.payers
        }
        for (payer, kind, scenario, year, draw), amount in sums.to_dict().items():
            if kind in KINDS and draw in draws and scenario in groups.scenarios:
                row = found[payer][kind][groups.scenarios.index(scenario)]
                place = groups.years.index(year) * len(effects) + draws[draw]
                row[place] = round(amount / len(manifest.seeds), 4)
        return found


def _packed(values: Any) -> Sequence[float]:
    """Numbers of all inner axes in a row, whole ones without a point."""
    rounded = values.round(6).ravel().tolist()
    return [int(value) if value.is_integer() else value for value in rounded]
