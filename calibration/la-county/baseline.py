"""Solve the baseline of California and write it as the packaged fragment hvsim:california.

    python calibration/la-county/baseline.py

Structural alternatives become fragments of their own, which hold only what differs. Prints what
each solution implies beyond its targets.
"""

from __future__ import annotations

import io
import textwrap
from pathlib import Path
from typing import Any

import click
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from hvsim.calibration.baseline import Solution, alternative, differing, read_spec, solve

HERE = Path(__file__).parent
SPEC = HERE / "baseline.yaml"
TEMPLATES = HERE.parents[1] / "src/hvsim/scenario/templates"

HEADER = """\
# Families and risks of California, for scenarios that extend hvsim:california.
# Written by calibration/la-county/baseline.py from baseline.yaml beside it: edit there.
"""
ALTERNATIVE = """\
# A structural alternative, {name}: what changes in hvsim:california, solved for the same targets.
# Name it last: `extends: [today.yaml, hvsim:{name}]`.
# Written by calibration/la-county/baseline.py from baseline.yaml beside it: edit there.
"""

CUTS = "About the upper 40 and the upper 10 percent of families: assumption, for reports only."


def written(fragment: dict[str, Any], header: str = HEADER) -> str:
    """Text of a fragment: lists and small mappings of numbers on one line."""
    yaml = YAML()
    yaml.width = 96
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = io.StringIO()
    yaml.dump(_styled(fragment), text)
    cuts = "  risk_group_cuts:"
    return header + text.getvalue().replace(cuts, f"  # {CUTS}\n{cuts}")


def _styled(node: Any) -> Any:
    if isinstance(node, list):
        sequence = CommentedSeq(node)
        sequence.fa.set_flow_style()
        return sequence
    if not isinstance(node, dict):
        return node
    mapping = CommentedMap({key: _styled(value) for key, value in node.items()})
    if not any(isinstance(value, dict | str) for value in node.values()):
        mapping.fa.set_flow_style()
    return mapping


@click.command()
def main() -> None:
    """Solve, write, report."""
    spec = read_spec(SPEC)
    baseline = solve(spec)
    _write("california", written(baseline.fragment), baseline)
    for name in spec["alternatives"]:
        other = solve(alternative(spec, name))
        changes = differing(other.fragment, baseline.fragment)
        _write(name, written(changes, ALTERNATIVE.format(name=name)), other)


def _write(name: str, text: str, solution: Solution) -> None:
    (TEMPLATES / f"{name}.yaml").write_text(text, "utf-8")
    click.echo(f"hvsim:{name}")
    for what, figure in solution.figures.items():
        click.echo(textwrap.fill(f"{what}: {_shown(figure)}", 96, subsequent_indent="  "))


def _shown(figure: Any) -> str:
    if isinstance(figure, dict):
        return "; ".join(f"{key}: {_shown(value)}" for key, value in figure.items())
    if isinstance(figure, list):
        return ", ".join(_shown(value) for value in figure)
    return f"{figure:.4g}"


if __name__ == "__main__":
    main()
