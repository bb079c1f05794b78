"""What users get wrong: each mistake has a message that says where it is and what is right."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hvsim.economics import (
    Beta,
    Dirichlet,
    Gamma,
    Lognormal,
    Normal,
    atkinson_ede,
    break_even,
    break_even_year,
    budget_impact,
    ceac_pairwise,
    evpi,
    evppi,
    evppi_by_luck,
    evsi_gaussian,
    explained_variance,
    icer_table,
    information_rank,
    metamodel,
    morris_design,
    morris_effects,
    net_benefit_of_sampling,
    net_monetary_benefit,
    optimal_strategy,
    pairwise_table,
    population_value,
    price_factors,
    returns_table,
    sobol_design,
    sobol_indices,
    strategy_summary,
    swings,
    two_way,
)
from hvsim.randomness import generator

COSTS = np.array([[0.0, 10.0], [0.0, 20.0], [0.0, 30.0], [0.0, 25.0]])
EFFECTS = np.array([[0.0, 2.0], [0.0, 1.0], [0.0, 3.0], [0.0, 2.0]])
KNOWN = pd.DataFrame({"p": [1.0, 2.0, 3.0, 4.0], "q": [1.0, -1.0, 1.0, -1.0]})
NAMES = ["today", "more"]
RANGES = {"a": (0.0, 1.0), "b": (0.0, 2.0)}
RNG = generator(1, "arguments")
ANYTHING: Any = None


def table(values: Any, columns: Any = NAMES, index: Any = None) -> pd.DataFrame:
    return pd.DataFrame(values, columns=columns, index=index)


def masked() -> Any:
    return np.ma.masked_array(COSTS, mask=COSTS == 20)


def anything(value: object) -> Any:
    """A value of a type that the function does not take."""
    return value


DESIGN = morris_design(RANGES, 3, 4, generator(2, "design"))
BY_ROW = np.arange(float(len(DESIGN)))

MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    "masked": (lambda: evpi(masked(), EFFECTS, 1.0), r"costs\[1, 1\] is nan"),
    "text": (lambda: evpi([["0", "1"]], [[0, 1]], 1.0), r"costs\[0, 0\] is '0'"),
    "complex": (lambda: evpi([[0, 1j]], [[0, 1]], 1.0), r"costs\[0, 0\] is 0j"),
    "none": (lambda: evpi(anything([[0, None]]), [[0, 1]], 1.0), r"costs\[0, 1\] is None"),
    "dates": (lambda: evpi(anything([[0, pd.Timestamp("2026")]]), [[0, 1]], 1.0), r"is Timestamp"),
    "ragged": (lambda: evpi([[0, 1], [2]], EFFECTS, 1.0), "costs: rows must all have one length"),
    "wtp as text": (lambda: evpi(COSTS, EFFECTS, anything("50")), r"wtp is '50'"),
    "wtp as set": (lambda: evpi(COSTS, EFFECTS, anything({1, 2})), r"wtp is \{1, 2\}"),
    "wtp nan": (lambda: evpi(COSTS, EFFECTS, np.nan), "wtp is nan; only finite"),
    "overflow": (lambda: evpi([[0, 1e200]], [[0, 1]], 1.0), r"\[0, 1\] is 1e\+200.* up to 1e\+75"),
    "columns": (
        lambda: evpi(table(COSTS), table(EFFECTS, NAMES[::-1]), 1.0),
        "same columns in the same order; found today, more and more, today",
    ),
    "names against columns": (
        lambda: icer_table(table(COSTS), table(EFFECTS), NAMES[::-1]),
        "names more, today are not the columns, today, more",
    ),
    "summary against columns": (
        lambda: strategy_summary(table(COSTS), EFFECTS, ["a", "b"]),
        "names a, b are not the columns, today, more",
    ),
    "rows of effects": (
        lambda: evpi(table(COSTS), table(EFFECTS, index=[3, 2, 1, 0]), 1.0),
        "costs and effects label their rows differently",
    ),
    "rows of parameters": (
        lambda: evppi(table(COSTS), EFFECTS, KNOWN[::-1], "p", 1.0),
        "costs and parameters label their rows differently",
    ),
    "rows of outcomes": (
        lambda: explained_variance(KNOWN, anything(pd.Series([1.0, 2, 3, 4], [4, 3, 2, 1]))),
        "parameters and outcome label their rows differently",
    ),
    "names as set": (lambda: icer_table([1, 2], [1, 2], anything({"a", "b"})), "must be a list"),
    "no names": (lambda: icer_table([1, 2], [1, 2], ANYTHING), "must be a list; found None"),
    "parameters as set": (
        lambda: evppi(COSTS, EFFECTS, KNOWN, anything({"p"}), 1.0),
        "names must be a list",
    ),
    "same columns": (
        lambda: evppi(COSTS, EFFECTS, table(COSTS, ["p", "p"]), "p", 1.0),
        "names of parameters must differ: p, p",
    ),
    "text in a parameter": (
        lambda: evppi(COSTS, EFFECTS, {"p": ["a", "b", "c", "d"]}, "p", 1.0),
        r"parameter p\[0\] is 'a'",
    ),
    "comparator none": (
        lambda: ceac_pairwise(COSTS, EFFECTS, 1.0, ANYTHING),
        "comparator None: strategies are numbered 0 to 1",
    ),
    "comparator true": (lambda: ceac_pairwise(COSTS, EFFECTS, 1.0, True), "comparator True"),
    "comparator 1.0": (
        lambda: ceac_pairwise(COSTS, EFFECTS, 1.0, anything(1.0)),
        r"comparator 1\.0",
    ),
    "comparator unknown": (
        lambda: pairwise_table(COSTS, EFFECTS, NAMES, "less"),
        "comparator 'less': .* 0 to 1, or one of today, more",
    ),
    "rank at several wtp": (
        lambda: information_rank(COSTS, EFFECTS, KNOWN, anything([1, 2])),
        r"wtp must be a single number; found shape \(2,\)",
    ),
    "several sample sizes": (
        lambda: evsi_gaussian(COSTS, EFFECTS, KNOWN, "p", 1.0, 1.0, anything([1, 2])),
        "sample_size must be a single number",
    ),
    "swings of an array": (
        lambda: swings(anything(COSTS), EFFECTS[:, 1]),
        "must be given by name, as a table or a mapping of names to draws; found ndarray",
    ),
    "degree": (lambda: metamodel(KNOWN, EFFECTS, degree=0), "degree must be a whole number, 1 or"),
    "rng": (lambda: sobol_design(RANGES, 8, anything(1)), r"numpy\.random\.default_rng\(1\)"),
    "size 1": (lambda: sobol_design(RANGES, 1, RNG), "size must be a whole number, 2 or more"),
    "size 8.0": (lambda: sobol_design(RANGES, anything(8.0), RNG), r"whole number.* found 8\.0"),
    "size 12": (lambda: sobol_indices(RANGES, 12, np.ones(72), RNG), "power of two; found 12"),
    "ranges": (
        lambda: sobol_design(anything({"a": 1, "b": (0, 1)}), 8, RNG),
        "range of a must be its low and high end",
    ),
    "category": (
        lambda: Dirichlet.from_moments([0.5, 0.5], 0.1, 7),
        "categories are numbered 0 to 1; found 7",
    ),
    "nothing to try": (
        lambda: two_way(lambda at: at["a"], {"a": 1, "b": 1}, ("a", []), ("b", [1])),
        "values of a: no values",
    ),
    "shapes of costs of studies": (
        lambda: net_benefit_of_sampling([1, 2, 3], [1, 2]),
        r"value, study_cost: shapes do not go together, \(3,\) and \(2,\)",
    ),
    "one order": (
        lambda: evppi_by_luck(COSTS, EFFECTS, KNOWN, "p", 1.0, anything([0, 1, 2, 3])),
        r"orders must be \(orders, 4 draws\)",
    ),
    "target": (lambda: break_even([1, 2], [1, 2], np.nan), "target is nan"),
    "payback": (lambda: break_even_year({2026: 1.0}, {2027: np.nan}), r"saved\[2027\] is nan"),
    "levels": (lambda: morris_effects(RANGES, DESIGN, 5, BY_ROW, RNG), "must be an even number"),
    "other levels": (
        lambda: morris_effects(RANGES, DESIGN, 6, BY_ROW, RNG),
        "a: the design holds values that are none of 6 levels from 0 to 1",
    ),
    "other ranges": (
        lambda: morris_effects({"a": (0, 9), "b": (0, 2)}, DESIGN, 4, BY_ROW, RNG),
        "a: the design holds values",
    ),
    "other parameters": (
        lambda: morris_effects({"a": (0, 1), "c": (0, 2)}, DESIGN, 4, BY_ROW, RNG),
        "table of `morris_design` for the same parameters",
    ),
    "missing rows": (
        lambda: morris_effects(RANGES, DESIGN[1:], 4, BY_ROW[1:], RNG),
        "3 rows for each trajectory; found 8",
    ),
    "discount factors": (
        lambda: returns_table([[1.0, 1.0]], [[1.0, 1.0]], [1.0, 0.0], ["all"]),
        "discount_factors must be above zero; found 0",
    ),
    "price factors": (
        lambda: budget_impact([[1.0]], [[1.0]], ["state"], [2026], [-1.0]),
        "price_factors must be above zero; found -1",
    ),
    "inflation": (lambda: price_factors([2026], 2026, np.nan), "inflation is nan"),
    "people": (lambda: population_value(1.0, [-1.0], [1.0]), "affected must not be negative"),
    "beta": (lambda: Beta(0, 1), "alpha must be above zero; found 0"),
    "gamma": (lambda: Gamma(1, np.nan), "scale is nan"),
    "normal": (lambda: Normal(np.inf, 1), "the mean is inf"),
    "lognormal": (lambda: Lognormal(0, -1), "sigma must be above zero; found -1"),
    "dirichlet": (lambda: Dirichlet((1.0, 0.0)), "alpha must be above zero; found 0"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_told(mistake: str) -> None:
    wrong, told = MISTAKES[mistake]
    with pytest.raises(ValueError, match=told):
        wrong()


def test_what_is_right_is_taken() -> None:
    plain = evpi(COSTS, EFFECTS, 10.0)
    assert evpi(table(COSTS), table(EFFECTS), 10.0) == plain
    assert evpi(pd.DataFrame(COSTS), table(EFFECTS.tolist(), [0, 1]), Decimal(10)) == plain  # type: ignore[call-overload]  # a number all the same
    assert evpi(np.ma.masked_array(COSTS), EFFECTS.astype(object), 10) == plain
    named = icer_table(table(COSTS), table(EFFECTS), NAMES)
    assert named.equals(icer_table(pd.DataFrame(COSTS), EFFECTS, NAMES))
    assert len(morris_effects(RANGES, DESIGN, 4, BY_ROW, RNG)) == 2


def test_parameters_may_be_numbered() -> None:
    numbered = pd.DataFrame(KNOWN.to_numpy())
    by_name = evppi(COSTS, EFFECTS, KNOWN, ["p"], 10.0)
    assert evppi(COSTS, EFFECTS, numbered, anything([0]), 10.0) == by_name
    assert evppi(COSTS, EFFECTS, numbered, anything(0), 10.0) == by_name
    ranked = information_rank(COSTS, EFFECTS, numbered, 10.0)
    assert set(ranked["parameter"]) == {"0", "1"}
    assert list(metamodel(numbered, EFFECTS)[0]) == ["0", "1"]


def test_a_comparator_has_a_name_or_a_number() -> None:
    by_number = pairwise_table(COSTS, EFFECTS, NAMES, 1)
    assert pairwise_table(COSTS, EFFECTS, NAMES, "more").equals(by_number)
    assert by_number["strategy"].to_list() == ["today"]
    assert np.array_equal(
        ceac_pairwise(COSTS, EFFECTS, 1.0, int(np.int64(1))), ceac_pairwise(COSTS, EFFECTS, 1.0, 1)
    )


def test_a_single_strategy_makes_a_table_without_rows() -> None:
    alone = pairwise_table(COSTS[:, :1], EFFECTS[:, :1], ["today"])
    assert len(alone) == 0
    assert list(alone) == list(pairwise_table(COSTS, EFFECTS, NAMES))


@given(st.lists(st.integers(0, 100), min_size=1, max_size=5), st.integers(0, 3))
def test_one_value_is_a_plain_number(levels: list[int], aversion: int) -> None:
    assert type(atkinson_ede(levels, aversion)) is float
    assert type(population_value(2.0, levels, [1.0] * len(levels))) is float
    assert type(optimal_strategy([levels], [levels], aversion)) is int
    assert net_monetary_benefit(levels, levels, [aversion]).shape == (1, len(levels))
