"""What the design forbids, as far as a parser can see it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from architecture.source import Module, compiled_functions

PLACELESS = (
    "calibration",
    "economics",
    "execution",
    "population",
    "reference",
    "reporting",
    "runs",
    "simulation",
)
"""Rooms in which no program, outcome, door or place is known by name."""

ENGINES = ("population", "reference", "simulation")


def stray_luck(modules: Iterable[Module]) -> list[str]:
    """Draws that do not come from ``hvsim.randomness``."""
    found = []
    for module in modules:
        if module.name == "hvsim.randomness":
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("numpy.random"):
                found.append(module.at(node, "draws come from hvsim.randomness"))
            if not isinstance(node, ast.Attribute):
                continue
            name = ast.unparse(node)
            if re.fullmatch(r"(np|numpy)\.random\.(?!Generator$)\w+|.*\.rvs", name):
                found.append(module.at(node, f"{name}: draws come from hvsim.randomness"))
            stream = r"\brng\.\w+$|\.shuffle(_do)?$|^(?!np\.|numpy\.)\w+\.random$"
            if module.room in ENGINES and re.search(stream, name):
                found.append(module.at(node, f"{name}: a sequential stream; use keyed draws"))
    return found


def old_mesa(modules: Iterable[Module]) -> list[str]:
    """Parts of Mesa that differ between its versions, or are going."""
    found = []
    for module in modules:
        if module.room not in ("reference", "simulation"):
            continue
        for node in ast.walk(module.tree):
            name = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""
            if re.search(r"(^|\.)(batch_run|\w*Simulator|DataCollector)$", name):
                found.append(module.at(node, f"{name}: deprecated or changing in Mesa"))
            if re.fullmatch(r"(self|model|self\.model)\.steps", name):
                found.append(module.at(node, f"{name}: keep an own month"))
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__":
                seeds = [keyword for keyword in node.keywords if keyword.arg == "seed"]
                found += [module.at(node, "seed= is deprecated in Mesa; pass rng=") for _ in seeds]
    return found


def loose_arithmetic(modules: Iterable[Module]) -> list[str]:
    """Compiler options that let results depend on threads or processors."""
    found = []
    for module in modules:
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.keyword)
                and node.arg in ("parallel", "fastmath")
                and ast.unparse(node.value) != "False"
            ):
                found.append(module.at(node.value, f"{node.arg}: results would differ"))
            if isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).endswith("prange"):
                found.append(module.at(node, "prange: use chunks on a thread pool"))
    return found


def _is_fixed(value: ast.expr) -> bool:
    """A number, text or tuple of such, or arithmetic and conversions of them."""
    if isinstance(value, ast.Tuple):
        return all(map(_is_fixed, value.elts))
    if isinstance(value, ast.UnaryOp):
        return _is_fixed(value.operand)
    if isinstance(value, ast.BinOp):
        return _is_fixed(value.left) and _is_fixed(value.right)
    if isinstance(value, ast.Call):
        makes_scalar = re.fullmatch(
            r"(np\.(u?int|float)\d+|int|float|len|range|math\.\w+)", ast.unparse(value.func)
        )
        return bool(makes_scalar) and all(map(_is_fixed, value.args))
    return isinstance(value, ast.Constant | ast.Name | ast.Attribute)


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr | None]]:
    """Names that a module assigns, each with its value; None for ``+=``."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names = (name for target in node.targets for name in ast.walk(target))
            yield from ((name.id, node.value) for name in names if isinstance(name, ast.Name))
        elif isinstance(node, ast.AnnAssign | ast.AugAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node.value if isinstance(node, ast.AnnAssign) else None


def unfixed_globals(modules: Iterable[Module]) -> list[str]:
    """Globals of compiled functions that are not constants: the compiler would freeze them."""
    everything = list(modules)
    values: dict[str, dict[str, list[ast.expr | None]]] = {}
    for module in everything:
        names = values.setdefault(module.name, {})
        for name, value in _assigned(module.tree):
            names.setdefault(name, []).append(value)

    found = []
    for module in everything:
        known = {name: (module.name, name) for name in values[module.name]}
        for imported in module.tree.body:
            if isinstance(imported, ast.ImportFrom):
                for alias in imported.names:
                    known[alias.asname or alias.name] = (str(imported.module), alias.name)
        for function in compiled_functions(module.tree):
            body = ast.Module(function.body, [])  # without decorators and types
            for node in ast.walk(body):
                if not (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)):
                    continue
                home, name = known.get(node.id, ("", ""))
                given = values.get(home, {}).get(name, [])
                if given and (len(given) > 1 or given[0] is None or not _is_fixed(given[0])):
                    found.append(module.at(node, f"compiled code reads the variable {node.id}"))
    return found


def untyped(modules: Iterable[Module]) -> list[str]:
    """Functions without types; only compiled ones may go without."""
    found = []
    for module in modules:
        compiled = compiled_functions(module.tree)
        exempt = {id(inner) for outer in compiled for inner in ast.walk(outer)}
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or id(node) in exempt:
                continue
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            bare = [a.arg for a in arguments if a.annotation is None]
            if node.returns is None or set(bare) - {"self", "cls"}:
                found.append(module.at(node, f"{node.name} has no types"))
    return found


def unordered(modules: Iterable[Module]) -> list[str]:
    """Orders that differ from one run of Python to the next: loops over sets, ``hash``."""
    found = []
    for module in modules:
        for node in ast.walk(module.tree):
            looped: list[ast.expr] = []
            if isinstance(node, ast.For | ast.comprehension):
                looped = [node.iter]
            elif isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                if name in ("list", "tuple", "enumerate", "np.array") or name.endswith(".join"):
                    looped = node.args[:1]
                if name == "hash":
                    found.append(module.at(node, "hash() of text differs between runs"))
            for values in looped:
                makes_set = isinstance(values, ast.Set | ast.SetComp) or (
                    isinstance(values, ast.Call)
                    and ast.unparse(values.func) in ("set", "frozenset")
                )
                if makes_set:
                    found.append(module.at(values, "the order of a set differs between runs; sort"))
    return found


def implicit_start_method(modules: Iterable[Module]) -> list[str]:
    """Processes made without saying how; importing Mesa changes the default."""
    found = []
    for module in modules:
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            if re.fullmatch(r"(multiprocessing|mp)\.(?!get_context|cpu_count)\w+", name) or (
                name.endswith("ProcessPoolExecutor")
                and not any(keyword.arg == "mp_context" for keyword in node.keywords)
            ):
                found.append(module.at(node, f"{name}: ask multiprocessing.get_context(...)"))
    return found


def _words(text: str) -> str:
    return f"-{re.sub(r'[^a-z0-9]+', '-', text.lower()).strip('-')}-"


def known_by_name(modules: Iterable[Module], shipped: Iterable[str]) -> list[str]:
    """Programs, outcomes, doors and places that code knows by name.

    Names of several words may not occur at all, also within longer texts and identifiers; names of
    one word may not be a whole text. What the schema of scenarios calls its fields is no such name,
    nor is a single word that a ``Literal`` type declares.
    """
    everything = list(modules)
    fields = {
        _words(node.target.id)
        for module in everything
        if module.name.startswith("hvsim.scenario.schema")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    kinds = {
        _words(str(word.value))
        for module in everything
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal"
        for word in ast.walk(node.slice)
        if isinstance(word, ast.Constant)
    }
    names = sorted({_words(name) for name in shipped} - {"--"})
    several = [name for name in names if name.count("-") > 2]
    names = [name for name in names if name in several or name not in kinds]
    found = []
    for module in everything:
        if module.room not in PLACELESS:
            continue
        documentation = {
            id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Expr)
        }
        for node in ast.walk(module.tree):
            text = ""
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = "" if id(node) in documentation else node.value
            elif isinstance(node, ast.Name | ast.Attribute | ast.arg | ast.FunctionDef):
                named = [getattr(node, field, "") for field in ("id", "attr", "arg", "name")]
                text = f"{max(named, key=len)} identifier"
            words = _words(text)
            if words.removesuffix("identifier-") in fields:
                continue
            if words in names or any(name in words for name in several):
                found.append(module.at(node, f"code knows {text!r} by name"))
    return found
