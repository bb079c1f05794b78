"""Who may import whom."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

import hvsim
from architecture.source import Module

# From left to right: a room may import what stands in it and what its list names.
LEAVES = ("months", "compiled", "memory", "randomness", "chances", "evidence")
UP_TO_SCENARIO = (*LEAVES, "scenario")
UP_TO_SIMULATION = (*UP_TO_SCENARIO, "population", "simulation")
UP_TO_RUNS = (*UP_TO_SIMULATION, "economics", "uncertainty", "runs")
UP_TO_EXECUTION = (*UP_TO_RUNS, "execution")
MAY_IMPORT: Mapping[str, tuple[str, ...]] = {
    "": (),
    "__main__": ("cli",),
    "months": (),
    "compiled": (),
    "memory": (),
    "randomness": ("compiled",),
    "chances": ("compiled",),
    "evidence": (),
    "scenario": LEAVES,
    "population": UP_TO_SCENARIO,
    "simulation": (*UP_TO_SCENARIO, "population"),
    "reference": (
        "months",
        "randomness",
        "scenario",
        "population.families",
        "population.siblings",
    ),
    "economics": UP_TO_SIMULATION,
    "runs": (*UP_TO_SIMULATION, "economics", "uncertainty"),
    "uncertainty": (*UP_TO_SCENARIO, "economics.evaluation"),
    "reporting": UP_TO_RUNS,
    "execution": UP_TO_EXECUTION,
    "calibration": UP_TO_EXECUTION,
    "cli": (*UP_TO_EXECUTION, "reporting", "calibration"),
}

# Libraries with a home: elsewhere they do not belong.
ONLY_IN: Mapping[str, tuple[str, ...]] = {
    "SALib": ("economics",),
    "click": ("cli",),
    "distributed": ("execution",),
    "jinja2": ("reporting",),
    "llvmlite": ("compiled", "memory"),
    "matplotlib": ("reporting",),
    "mesa": ("reference", "simulation"),
    "numba": ("compiled", "memory"),
    "random": (),
    "ruamel": ("calibration",),
    "secrets": (),
    "uuid": (),
    "yaml": ("scenario",),
}
# The engines see values only: no table library, no file, no clock.
ENGINES = ("reference", "simulation")
NOT_IN_ENGINES = ("datetime", "io", "os", "pandas", "pathlib", "pyarrow", "tempfile", "time")


def imports(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Every imported name in full, wherever it is imported, unless for types only."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
            continue
        waiting += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from ((node, str(a.value)) for a in node.args if isinstance(a, ast.Constant))


def _home(name: str) -> str:
    """Where a name of the public API lives: ``hvsim.simulate`` is no way around the order."""
    attribute = name.removeprefix("hvsim.")
    return f"{hvsim._HOMES[attribute]}.{attribute}" if attribute in hvsim._HOMES else name


def wrong_directions(modules: Iterable[Module]) -> list[str]:
    found = []
    for module in modules:
        if module.room not in MAY_IMPORT:
            found.append(f"{module.name}: a new room; give it its place in MAY_IMPORT")
            continue
        allowed = (*MAY_IMPORT[module.room], module.room)
        for node, name in imports(module.tree):
            target = _home(name).removeprefix("hvsim.")
            if not name.startswith("hvsim.") or target == "__version__":
                continue
            if not any(f"{target}.".startswith(f"{room}.") for room in allowed if room):
                found.append(module.at(node, f"{module.room or 'hvsim'} may not import {target}"))
    return found


def strangers(modules: Iterable[Module]) -> list[str]:
    """Libraries where they do not belong."""
    found = []
    for module in modules:
        for node, name in imports(module.tree):
            library = name.split(".")[0]
            homeless = module.room not in ONLY_IN.get(library, (module.room,))
            if homeless or (module.room in ENGINES and library in NOT_IN_ENGINES):
                found.append(module.at(node, f"{library} does not belong in {module.room}"))
    return found


def cycles(modules: Iterable[Module]) -> list[str]:
    graph: dict[str, set[str]] = {module.name: set() for module in modules}
    for module in modules:
        for _, name in imports(module.tree):
            target = name if name in graph else name.rpartition(".")[0]
            if target in graph and target != "hvsim":
                graph[module.name].add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" imports ".join(reversed(error.args[1]))]
    return []
