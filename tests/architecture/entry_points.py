"""Run a small simulation in a fresh Python, then print the signatures of each entry point.

Called with paths of scenarios. An entry point is a compiled function that plain Python calls; each
signature costs seconds of compilation, and two mean that callers disagree about a type.
"""

from __future__ import annotations

import ast
import json
import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from architecture.source import Module, compiled_functions, package

ROOMS = ("population", "simulation")


def named_by_python(module: Module) -> set[str]:
    """Names that a module's plain Python reads."""
    inside = {id(node) for f in compiled_functions(module.tree) for node in ast.walk(f)}
    return {
        node.id
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Name) and id(node) not in inside
    }


def signatures() -> dict[str, list[str]]:
    """Signatures compiled or loaded so far, by entry point."""
    found = {}
    for module in package():
        if module.room in ROOMS:
            held = vars(import_module(module.name))
            for name in sorted(named_by_python(module)):
                compiled = held.get(name)
                if compiled is not None and hasattr(compiled, "signatures"):
                    home = f"{compiled.py_func.__module__}.{name}"
                    found[home] = [str(signature) for signature in compiled.signatures]
    return found


if __name__ == "__main__":
    from hvsim import load_scenario, simulate

    for path in sys.argv[1:]:
        simulate(load_scenario(path), seed=1)
    json.dump(signatures(), sys.stdout)
