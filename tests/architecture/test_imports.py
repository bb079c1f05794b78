import pytest

from architecture.imports import cycles, strangers, wrong_directions
from architecture.source import expect_none, module, package


def test_nothing_imports_what_stands_to_its_right() -> None:
    expect_none(wrong_directions(package()))


def test_libraries_stay_where_they_belong() -> None:
    expect_none(strangers(package()))


def test_nothing_imports_itself_in_a_circle() -> None:
    expect_none(cycles(package()))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hvsim.scenario.x", "import hvsim.simulation.ledger"),
        ("hvsim.scenario.x", "def f():\n    from hvsim.population import synthesize"),
        ("hvsim.simulation.x", "from hvsim import report"),
        ("hvsim.simulation.x", "from hvsim.economics.valuation import price"),
        ("hvsim.simulation.x", "import_module('hvsim.execution')"),
        ("hvsim.reference.x", "from hvsim.simulation.rules import dose"),
        ("hvsim.reference.x", "from hvsim.population.synthesis import synthesize"),
        ("hvsim.reporting.x", "from hvsim.execution import compare"),
        ("hvsim.months", "import hvsim.randomness"),
        ("hvsim.new_room.x", ""),
        ("hvsim", "from hvsim.scenario import load_scenario"),
    ],
)
def test_a_wrong_direction_is_found(name: str, text: str) -> None:
    assert len(wrong_directions([module(name, text)])) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hvsim.simulation.x", "from hvsim.population.families import Families"),
        ("hvsim.reference.x", "from hvsim.population.families import Families"),
        ("hvsim.runs.x", "from hvsim import __version__"),
        ("hvsim.scenario.x", "if TYPE_CHECKING:\n    from hvsim.simulation import Ledger"),
        ("hvsim.cli.x", "from hvsim import compare, report"),
        ("hvsim.calibration.x", "import hvsim.execution"),
    ],
)
def test_a_right_direction_passes(name: str, text: str) -> None:
    assert wrong_directions([module(name, text)]) == []


@pytest.mark.parametrize(
    ("room", "text"),
    [
        ("simulation", "import pandas as pd"),
        ("simulation", "def f():\n    import pandas"),
        ("simulation", "from pathlib import Path"),
        ("reference", "import time"),
        ("population", "import random"),
        ("simulation", "from numba import njit"),
        ("execution", "import mesa"),
        ("scenario", "import matplotlib.pyplot as plt"),
    ],
)
def test_a_stranger_is_found(room: str, text: str) -> None:
    assert len(strangers([module(f"hvsim.{room}.x", text)])) == 1


def test_a_circle_is_found_and_told() -> None:
    one = module("hvsim.runs.one", "from hvsim.runs.two import b")
    two = module("hvsim.runs.two", "def f():\n    import hvsim.runs.one")
    (told,) = cycles([one, two])
    assert told.count(" imports ") == 2
    assert cycles([one, module("hvsim.runs.two", "")]) == []
