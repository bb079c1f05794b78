"""Broken files whose first lines expect exactly what is said of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hvsim.scenario import ScenarioError

EXPECT = "# expect: "


def broken_in(folder: Path) -> list[str]:
    """Names of the broken files of a folder."""
    return sorted(file.name for file in folder.glob("*.yaml"))


def assert_says_what_it_expects(name: str, load: Callable[[str], object]) -> None:
    """Loading a file of the working folder says what the file expects, and nothing else."""
    lines = Path(name).read_text(encoding="utf-8").split("\n")
    expected = [line.removeprefix(EXPECT) for line in lines if line.startswith(EXPECT)]
    assert expected
    with pytest.raises(ScenarioError) as caught:
        load(name)
    assert str(caught.value).split("\n") == expected
