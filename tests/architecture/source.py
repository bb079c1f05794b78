"""The sources as the checks read them: parsed, never imported."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Module:
    """One module of the package."""

    name: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """First part of the name below ``hvsim``; empty for ``hvsim`` itself."""
        return self.name.partition(".")[2].partition(".")[0]

    def at(self, node: ast.AST, message: str) -> str:
        """Finding at a line of this module."""
        return f"{self.name}:{getattr(node, 'lineno', 0)}: {message}"


def module(name: str, text: str) -> Module:
    return Module(name, ast.parse(text))


@cache
def package() -> tuple[Module, ...]:
    """All modules of hvsim, in the order of their names."""
    found = []
    for file in sorted((ROOT / "src" / "hvsim").rglob("*.py")):
        parts = file.relative_to(ROOT / "src").with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(module(name, file.read_text("utf-8")))
    return tuple(found)


@cache
def own_files() -> tuple[Path, ...]:
    """Files of the project: those that git tracks or would."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    files = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return tuple(file for file in files if file.is_file())


def texts(*suffixes: str) -> Iterator[tuple[str, str]]:
    """Path and text of our own files with one of these suffixes; of all files without any."""
    for file in own_files():
        if not suffixes or file.suffix in suffixes:
            try:
                text = file.read_text("utf-8")
            except UnicodeDecodeError:
                continue  # a picture or a table
            yield file.relative_to(ROOT).as_posix(), text


def expect_none(found: list[str]) -> None:
    """Fail with all findings, one a line."""
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def is_compiled(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = {d.id for d in function.decorator_list if isinstance(d, ast.Name)}
    return not names.isdisjoint({"compiled", "inner", "lean"})


def compiled_functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and is_compiled(n)]
