"""Posterior files, read and refused."""

from pathlib import Path

import pandas as pd
import pytest

from hvsim.scenario import load_scenario
from hvsim.uncertainty import (
    Drawing,
    PosteriorError,
    Structures,
    load_structures,
    read_posterior,
)
from runs.ledgers import HARBOR

TODAY = load_scenario(HARBOR / "today.yaml")
ACCEPTS, RATE = "programs.light.accepts", "outcomes.harm.per_month"
GOOD = f"parameter,draw,value\n{ACCEPTS},7,0.6\n{RATE},7,0.012\n{RATE},3,0.011\n{ACCEPTS},3,0.5\n"


def written(folder: Path, text: str) -> Path:
    file = folder / "posterior.csv"
    file.write_text(text)
    return file


def test_draws_are_whole_rows_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    found = read_posterior(written(tmp_path, GOOD), [TODAY])
    assert len(found) == 2
    assert found.values(0) == {ACCEPTS: 0.5, RATE: 0.011}
    assert found.values(1) == {ACCEPTS: 0.6, RATE: 0.012}


def test_csv_and_parquet_say_the_same(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    pd.read_csv(file).to_parquet(tmp_path / "posterior.parquet")
    one, two = (read_posterior(file.with_suffix(s), [TODAY]) for s in (".csv", ".parquet"))
    assert one.parameters == two.parameters
    assert (one.table == two.table).all()
    assert one.sha256 != two.sha256


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("parameter,draw\na,1\n", "lacks column 'value'; write parameter, draw, value"),
        ("parameter,draw,value\n", "holds no draw"),
        (
            GOOD.replace("light.accepts", "light.acepts"),
            "parameter 'programs.light.acepts' is no number of the scenarios; did you mean "
            "'programs.light.accepts'?",
        ),
        (
            f"parameter,draw,value\n{ACCEPTS},1,0.5\n{ACCEPTS},2,0.6\n{RATE},2,0.01\n",
            f"parameter '{RATE}' lacks a value in draw 1; every draw holds every parameter",
        ),
        (f"{GOOD}{RATE},3,0.1\n", f"parameter '{RATE}' stands twice in draw 3"),
        (GOOD.replace("0.6", ""), "row 1: value: found nothing; write a finite number"),
        (GOOD.replace("0.6", "much"), "row 1: value: found 'much'; write a finite number"),
        (GOOD.replace("0.6", "1.6"), f"parameter '{ACCEPTS}': found 1.6; must be at most 1"),
        (GOOD.replace("0.5", "-0.5"), f"parameter '{ACCEPTS}': found -0.5; must be at least 0"),
        (GOOD.replace(",7,", ",7.5,"), "row 1: draw: found '7.5'; write a whole number"),
        (f"{GOOD},3,0.1\n", "row 5: parameter: found nothing; write a path"),
        (
            "parameter,draw,value\npopulation.births_per_year,1,900\n",
            "parameter 'population.births_per_year' is not drawn (the same families in all draws)",
        ),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, message: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(PosteriorError) as error:
        read_posterior(file, [TODAY])
    assert f"{file}: {message}" in str(error.value).splitlines()


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(PosteriorError, match=r"none\.csv: no such file or directory"):
        read_posterior(tmp_path / "none.csv", [TODAY])


def test_what_is_no_table_is_said(tmp_path: Path) -> None:
    file = tmp_path / "posterior.parquet"
    file.write_bytes(b"PAR0")
    with pytest.raises(PosteriorError, match="no readable table"):
        read_posterior(file, [TODAY])


def test_many_problems_are_cut_short(tmp_path: Path) -> None:
    rows = "".join(f"programs.none.p{n},1,0.5\n" for n in range(30))
    with pytest.raises(PosteriorError) as error:
        read_posterior(written(tmp_path, f"parameter,draw,value\n{rows}"), [TODAY])
    lines = str(error.value).splitlines()
    assert len(lines) == 11
    assert lines[-1].endswith("and 20 more")


STRUCTURES = load_structures(Path(__file__).parent / "structures.yaml")
AXIS = "structure:several-programs"
SET = "programs.intensive.accepts"


def test_a_posterior_may_pick_alternatives(tmp_path: Path) -> None:
    rows = [f"{AXIS},{n},{n % 3}\n{SET},{n},0.{n + 3}\n" for n in range(6)]
    found = read_posterior(
        written(tmp_path, "parameter,draw,value\n" + "".join(rows)), [TODAY], STRUCTURES
    )
    drawing = Drawing([TODAY], 1, found, STRUCTURES)
    by_weight = [STRUCTURES.drawn(1, 4 + n)[0] for n in range(6)]
    for n in range(6):
        (one,) = drawing.draw(4 + n)
        assert one.values[(AXIS,)] == n % 3
        assert one.values[("structure:recurrence",)] == by_weight[n]  # which it does not name
        assert one.scenario.structure.several_programs == ("strongest", "sum", "strongest")[n % 3]
        assert one.scenario.programs["intensive"].accepts.value == (n + 3) / 10


@pytest.mark.parametrize(
    ("text", "structures", "message"),
    [
        (
            f"{AXIS},1,0\n",
            None,
            f"parameter '{AXIS}' is no axis of structures; name their file with --structures",
        ),
        (
            f"{AXIS}s,1,0\n",
            STRUCTURES,
            f"parameter '{AXIS}s' is no axis of structures; did you mean '{AXIS}'?",
        ),
        (
            f"{AXIS},1,3\n",
            STRUCTURES,
            f"parameter '{AXIS}': found 3; must be one of 0 (strongest), 1 (sum), "
            "2 (strongest-and-accepted)",
        ),
        (f"{AXIS},1,0.5\n", STRUCTURES, f"parameter '{AXIS}': found 0.5; must be one of 0"),
        (
            f"{SET},1,0.5\n",
            STRUCTURES,
            f"parameter '{SET}' is also set by alternatives of '{AXIS}'; let each draw of the "
            "file hold that axis too, or leave the axis out",
        ),
    ],
)
def test_a_posterior_must_fit_the_structures(
    tmp_path: Path, text: str, structures: Structures | None, message: str
) -> None:
    file = written(tmp_path, f"parameter,draw,value\n{text}")
    with pytest.raises(PosteriorError) as error:
        read_posterior(file, [TODAY], structures)
    assert f"{file}: {message}" in str(error.value)
