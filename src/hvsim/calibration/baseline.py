"""Solve a baseline: the numbers of a scenario fragment that meet published targets.

The specification (``calibration/<place>/baseline.yaml``) holds targets, the reference population
and the fragment with its assumptions. Leaves marked ``solved`` are filled here, in this order:
coefficients from marginal risk ratios, monthly intensities from cumulative first reports, the
factor after a first report, the stages after a report, the screen's scale, other outcomes.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from hvsim.calibration.leaves import Tree, number, unsolved
from hvsim.calibration.rates import solve_recurrent, solve_state
from hvsim.calibration.reports import solve_reports
from hvsim.calibration.screen import solve_screen
from hvsim.calibration.stages import solve_stages
from hvsim.population.synthesis import reference_births
from hvsim.scenario.kinds import PROPORTION
from hvsim.scenario.schema import Scenario
from hvsim.scenario.shapes import Shape, shape_of


@dataclass(frozen=True)
class Solution:
    """A solved fragment and what it implies beyond its targets."""

    fragment: Tree
    figures: Tree


def read_spec(path: Path) -> Tree:
    """Specification from its file."""
    spec: Tree = YAML(typ="safe").load(path.read_text("utf-8"))
    return spec


def solve(spec: Tree, families: int | None = None) -> Solution:
    """Fill the fragment of a specification.

    Parameters
    ----------
    spec
        As in ``calibration/la-county/baseline.yaml``.
    families
        Size of the reference population, if not that of the specification.

    Raises
    ------
    ValueError
        If a target is out of reach, or a leaf marked ``solved`` is left.
    """
    fragment = copy.deepcopy(spec["fragment"])
    targets, reference, note = spec["targets"], spec["reference"], spec["note"]
    people = reference_births(
        margins(fragment),
        fragment["population"]["associations"],
        families or reference["families"],
        reference["year"],
        reference["seed"],
    )
    reports, figures = solve_reports(fragment, targets["reports"], people, note)
    stages = fragment["chains"][targets["reports"]["chain"]]["stages"]
    figures |= solve_stages(stages, targets["reports"]["stages"], reports, note)
    figures |= solve_screen(fragment, targets["reports"], people, reference["seed"], note)
    for name, target in targets["recurrent"].items():
        solve_recurrent(fragment["outcomes"][name], target, people, note)
    for name, target in targets["states"].items():
        figures[name] = solve_state(fragment["outcomes"][name], target, people, note)
    left = list(unsolved(fragment))
    if left:
        raise ValueError(f"nothing solves {', '.join(left)}")
    return Solution(fragment, figures)


def alternative(spec: Tree, name: str) -> Tree:
    """The specification with the parts that a structural alternative replaces."""
    changed = copy.deepcopy(spec)
    for path, leaf in spec["alternatives"][name].items():
        *way, last = path.split(".")
        record = changed["fragment"]
        for step in way:
            record = record[step]
        record[last] = copy.deepcopy(leaf)
    return changed


def differing(fragment: Tree, baseline: Tree, shape: Shape | None = None) -> Tree:
    """What a fragment must say to change a baseline into itself, where a scenario extends both.

    What scenario files replace whole is written whole. `shape` is that of both, by default a
    scenario's.
    """
    shape = shape or shape_of(Scenario)
    parts = {}
    for name, part in fragment.items():
        before, inner = baseline[name], shape.inner(name)
        if part == before:
            continue
        merges = inner is not None and inner.merges and part.keys() == before.keys()
        parts[name] = differing(part, before, inner) if merges else part
    return parts


def margins(fragment: Tree) -> dict[str, dict[str, float]]:
    """Margins of the reference population, as plain numbers."""
    return {
        attribute: {level: number(PROPORTION, leaf) for level, leaf in levels.items()}
        for attribute, levels in fragment["population"]["margins"].items()
    }
