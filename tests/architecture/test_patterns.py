from collections.abc import Callable, Iterable

import pytest
from ruamel.yaml import YAML

from architecture import patterns
from architecture.source import ROOT, Module, expect_none, module, package

Check = Callable[[Iterable[Module]], list[str]]
COLLECTIONS = ("chains", "doors", "outcomes", "programs", "providers", "funding")


def shipped_names() -> set[str]:
    """What the scenarios and templates call their programs, outcomes, doors and places."""
    names: set[str] = {folder.name for folder in (ROOT / "scenarios").glob("*/")}
    for folder in ("scenarios", "src/hvsim"):
        for file in (ROOT / folder).rglob("*.yaml"):
            held = YAML(typ="safe", pure=True).load(file)
            if not isinstance(held, dict):
                continue
            names.add(str(held.get("place", "")))
            groups = [held.get(group) for group in COLLECTIONS]
            groups.append((held.get("population") or {}).get("regions"))
            for group in filter(None, groups):
                for name, fields in group.items():
                    names |= {name, str((fields or {}).get("label", ""))}
    return names


def knows_a_name(modules: Iterable[Module]) -> list[str]:
    return patterns.known_by_name(modules, shipped_names())


CHECKS: list[Check] = [
    knows_a_name,
    patterns.implicit_start_method,
    patterns.loose_arithmetic,
    patterns.old_mesa,
    patterns.stray_luck,
    patterns.unfixed_globals,
    patterns.unordered,
    patterns.untyped,
]


@pytest.mark.parametrize("check", CHECKS)
def test_the_package_keeps_the_design(check: Check) -> None:
    expect_none(check(package()))


PLANTED: list[tuple[Check, str]] = [
    (patterns.implicit_start_method, "multiprocessing.Pool(2)"),
    (patterns.implicit_start_method, "ProcessPoolExecutor(2)"),
    (patterns.loose_arithmetic, "njit(parallel=True)"),
    (patterns.loose_arithmetic, "njit(fastmath={'nnan'})"),
    (patterns.loose_arithmetic, "for i in prange(3): pass"),
    (patterns.old_mesa, "class M(Model):\n def __init__(self):\n  super().__init__(seed=1)"),
    (patterns.old_mesa, "mesa.batch_run"),
    (patterns.old_mesa, "model.steps"),
    (patterns.stray_luck, "np.random.default_rng(1)"),
    (patterns.stray_luck, "np.random.seed(1)"),
    (patterns.stray_luck, "from numpy.random import default_rng"),
    (patterns.stray_luck, "stats.norm.rvs(3)"),
    (patterns.stray_luck, "self.random.choice([1])"),
    (patterns.stray_luck, "self.model.rng.normal()"),
    (patterns.stray_luck, "agents.shuffle_do('step')"),
    (patterns.unfixed_globals, "T = [1]\n@compiled\ndef f(x): return T[x]"),
    (patterns.unfixed_globals, "T = np.array((1, 2))\n@compiled\ndef f(x): return T[x]"),
    (patterns.unfixed_globals, "T = 1\nT += 1\n@compiled\ndef f(x): return T"),
    (patterns.unfixed_globals, "T = 1\nT = 2\n@compiled\ndef f(x): return T"),
    (patterns.unordered, "for x in set(y): pass"),
    (patterns.unordered, "[x for x in {1, 2}]"),
    (patterns.unordered, "', '.join({n for n in names})"),
    (patterns.unordered, "hash('a')"),
    (patterns.untyped, "def f(x) -> int: return 1"),
    (patterns.untyped, "def f(x: int): return 1"),
]
CLEAN: list[tuple[Check, str]] = [
    (patterns.implicit_start_method, "ProcessPoolExecutor(2, mp_context=context)"),
    (patterns.implicit_start_method, "multiprocessing.get_context('spawn').Pool(2)"),
    (patterns.loose_arithmetic, "njit(fastmath=False)"),
    (patterns.old_mesa, "class M(Model):\n def __init__(self):\n  super().__init__(rng=1)"),
    (patterns.stray_luck, "def f(g: np.random.Generator) -> None: ..."),
    (patterns.unfixed_globals, "A, B = 0, 1\nC = -np.uint64(7)\n@compiled\ndef f(x): return A, C"),
    (patterns.unfixed_globals, "T = [1]\ndef f(x): return T[x]"),
    (patterns.unfixed_globals, "T = [1]\n@compiled\ndef f(x: T) -> T: return x"),
    (patterns.unordered, "for x in sorted({1, 2}): pass"),
    (patterns.unordered, "if x in {1, 2}: pass"),
    (patterns.untyped, "@compiled\ndef f(x): return 1"),
    (patterns.untyped, "class C:\n def f(self) -> int: return 1"),
]


@pytest.mark.parametrize(("check", "text"), PLANTED)
def test_a_planted_violation_is_found(check: Check, text: str) -> None:
    assert len(check([module("hvsim.simulation.x", text)])) == 1


@pytest.mark.parametrize(("check", "text"), CLEAN)
def test_what_is_allowed_passes(check: Check, text: str) -> None:
    assert check([module("hvsim.simulation.x", text)]) == []


def test_a_constant_of_another_module_is_followed_home() -> None:
    home = module("hvsim.simulation.a", "T = {}\nN = 3")
    reader = "from hvsim.simulation.a import T, N\n@compiled\ndef f(x): return {}"
    assert len(patterns.unfixed_globals([home, module("hvsim.b", reader.format("T"))])) == 1
    assert patterns.unfixed_globals([home, module("hvsim.b", reader.format("N"))]) == []


SHIPPED = ("welcome-baby", "Healthy Families America", "harm")


@pytest.mark.parametrize(
    "text",
    [
        "if program == 'welcome-baby': pass",
        "x = 'cost of Welcome Baby in 2024'",
        "welcome_baby = 1",
        "x = programs.welcome_baby",
        "x = f'{y} healthy families america'",
        "if outcome == 'harm': pass",
    ],
)
def test_a_name_known_to_code_is_found(text: str) -> None:
    assert len(patterns.known_by_name([module("hvsim.reporting.x", text)], SHIPPED)) == 1
    assert patterns.known_by_name([module("hvsim.cli.x", text)], SHIPPED) == []


@pytest.mark.parametrize("text", ["harm = 1", "x = 'harms prevented'", "'Like welcome-baby.'"])
def test_plain_words_and_documentation_may_be_used(text: str) -> None:
    assert patterns.known_by_name([module("hvsim.reporting.x", text)], SHIPPED) == []


def test_names_are_read_from_the_shipped_scenarios() -> None:
    assert {"la-county", "welcome-baby"} <= shipped_names()


def test_a_declared_kind_may_be_called_like_an_outcome() -> None:
    use = "kind: Literal['harm', 'welcome-baby'] = 'harm'"
    found = patterns.known_by_name([module("hvsim.runs.x", use)], SHIPPED)
    assert [line.endswith("'welcome-baby' by name") for line in found] == [True]
