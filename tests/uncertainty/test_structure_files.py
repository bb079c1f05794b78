"""Files of structures: one broken file per kind of mistake, and what a good one says."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from broken_files import assert_says_what_it_expects, broken_in
from hvsim.cli import main
from hvsim.cli.structures import structures_schema
from hvsim.scenario import Scenario, load_scenario
from hvsim.scenario.reading import read_file
from hvsim.uncertainty import Alternatives, load_structures
from hvsim.uncertainty.structures import Axis
from runs.ledgers import HARBOR

HERE = Path(__file__).parent
BROKEN = HERE / "broken"
SHIPPED = HERE.parents[1] / "scenarios" / "la-county" / "structures.yaml"
FILES = [SHIPPED, HERE / "structures.yaml"]


def scenarios() -> list[Scenario]:
    return [load_scenario(HARBOR / f"{name}.yaml") for name in ("today", "universal")]


def read_and_mixed(name: str) -> None:
    structures = load_structures(name)
    Alternatives(scenarios(), structures).check([structures.drawn(1, n) for n in range(20)])


@pytest.mark.parametrize("name", broken_in(BROKEN))
def test_broken_file_says_exactly_what_is_wrong(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)
    assert_says_what_it_expects(name, read_and_mixed)


def told(axis: Axis) -> list[tuple[object, ...]]:
    return [
        (one.name, one.label, one.weight, one.evidence, one.assumption, one.sets)
        for one in axis.alternatives
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_good_files_fit_the_schema_and_are_printed_in_full(file: Path, tmp_path: Path) -> None:
    schema = structures_schema()
    Draft202012Validator.check_schema(schema)
    assert not list(Draft202012Validator(schema).iter_errors(read_file(file, "")[0].plain()))
    answer = CliRunner().invoke(main, ["check", "--resolved", str(file)])
    assert answer.exit_code == 0, answer.output
    again = tmp_path / file.name
    again.write_text(answer.output, encoding="utf-8")
    one, other = load_structures(file), load_structures(again)
    assert one.title == other.title
    for axis, same in zip(one.axes, other.axes, strict=True):
        assert told(axis) == told(same)


def test_check_says_what_a_file_holds_and_what_it_fits() -> None:
    file, today = str(HERE / "structures.yaml"), str(HARBOR / "today.yaml")
    alone = CliRunner().invoke(main, ["check", file]).output
    assert "recurrence reporting (75%), harm itself (25%)" in alone
    assert "name scenarios beside it" in alone
    assert "fits 'today'" in CliRunner().invoke(main, ["check", file, today]).output
    weights = CliRunner().invoke(main, ["check", "--parameters", file]).output
    assert "axes.recurrence.alternatives.harm.weight,1," in weights
    broken = CliRunner().invoke(main, ["check", str(BROKEN / "values.yaml"), today])
    assert broken.exit_code == 2
    assert "none of the scenarios has 'programs.lite.accepts'" in broken.output


def test_the_shipped_file_fits_los_angeles() -> None:
    folder = SHIPPED.parent
    together = [load_scenario(folder / f"{name}.yaml") for name in ("today", "universal-targeted")]
    structures = load_structures(SHIPPED)
    Alternatives(together, structures).check([(1,) * len(structures.axes)])
