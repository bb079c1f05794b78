import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import hvsim
from architecture.house import (
    british_spelling,
    machine_traces,
    machine_words,
    too_long,
    unexplained_silence,
)
from architecture.source import ROOT, expect_none, texts

Check = Callable[[Iterable[tuple[str, str]]], list[str]]


def test_no_file_holds_a_path_of_this_machine_or_a_package_host() -> None:
    expect_none(machine_traces(texts(), machine_words(ROOT)))


def test_every_silenced_checker_has_its_reason() -> None:
    expect_none(unexplained_silence(texts(".py")))


def test_no_file_is_too_long() -> None:
    expect_none(too_long(texts(".py", ".md", ".html", ".css", ".js", ".toml", "")))


def test_our_words_are_american() -> None:
    expect_none(british_spelling(texts(".py", ".md", ".html", ".toml", ".yaml", "")))


def test_there_is_one_version_number() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    assert "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == "src/hvsim/__init__.py"
    newest = re.search(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert newest is not None
    assert newest[1] == hvsim.__version__
    literal = [path for path, text in texts(".py") if re.search(r"__version__ = ", text)]
    assert literal == ["src/hvsim/__init__.py", "tests/architecture/test_house.py"]


def test_every_dependency_has_earned_its_place_in_writing() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    explained = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    constrained = (ROOT / "constraints.txt").read_text("utf-8").lower()
    for needed in project["dependencies"] + project["optional-dependencies"]["test"]:
        name = re.split(r"[<>=]", needed)[0]
        assert f"**{name}**" in explained, f"docs/dependencies.md does not explain {name}"
        assert f"\n{name}==" in constrained, f"constraints.txt has no version of {name}"


PLANTED: list[tuple[Check, str]] = [
    (unexplained_silence, "x = 1  # type: ignore\n"),
    (unexplained_silence, "x = 1  # type: ignore[assignment]\n"),
    (unexplained_silence, "x = 1  # noqa: E501\n"),
    (unexplained_silence, "x = 1  # pragma: no cover\n"),
    (british_spelling, "two programmes\n"),
    (british_spelling, "enrolment\n"),
    (british_spelling, "to summarise\n"),
    (british_spelling, "the behaviour\n"),
    (too_long, "\n" * 401),
]
CLEAN: list[tuple[Check, str]] = [
    (unexplained_silence, "x = 1  # type: ignore[assignment]  # mesa has no types\n"),
    (unexplained_silence, "x = 1  # noqa: E501  a link\n"),
    (unexplained_silence, "x = '# type: ignore'\n"),
    (
        british_spelling,
        "programmed programmers, enrolled, analyses, otherwise, a synthesis\n",
    ),
    (british_spelling, "a paper on programmes, https://example.org\n"),
    (too_long, "\n" * 400),
]


@pytest.mark.parametrize(("check", "text"), PLANTED)
def test_a_planted_violation_is_found(check: Check, text: str) -> None:
    assert len(check([("src/hvsim/x.py", text)])) == 1


@pytest.mark.parametrize(("check", "text"), CLEAN)
def test_what_is_allowed_passes(check: Check, text: str) -> None:
    assert check([("src/hvsim/x.py", text)]) == []


def test_a_machine_path_and_a_host_are_found() -> None:
    lines = "\n".join(["ok", "/".join(["", "home", "ana", "x"]), "from files.example.org"])
    found = machine_traces([("a.md", lines)], ["files.example.org"])
    assert [line.split(":")[1] for line in found] == ["2", "3"]
    assert f"{Path.home()}/" in machine_words(ROOT)
