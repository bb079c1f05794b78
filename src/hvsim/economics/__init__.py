"""Economics. Nothing here runs a simulation.

What finished runs cost, save and are worth; and economic evaluation of anybody's costs and effects,
as functions on plain arrays of shape (draws, strategies). Evaluation is imported on first use: a
run is valued without it, and it needs much of scipy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from hvsim.economics.valuation.payback import break_even_year
from hvsim.economics.valuation.price_files import (
    load_prices,
    prices_hash,
    prices_yaml,
)
from hvsim.economics.valuation.prices import Prices
from hvsim.economics.valuation.spending import (
    present_value,
    refuse_other_place,
    refuse_unfit,
    spending_by_stream,
)
from hvsim.economics.valuation.tables import Tables, ValuationError
from hvsim.economics.valuation.top_down import cost_per_family
from hvsim.economics.valuation.valuing import (
    Valuation,
    against,
    discounted_events,
    events_by_view,
    value_tables,
)

if TYPE_CHECKING:
    from hvsim.economics.evaluation.acceptability import ceac, ceac_pairwise, ceaf
    from hvsim.economics.evaluation.benefit import (
        exponential_utility,
        net_health_benefit,
        net_monetary_benefit,
        optimal_strategy,
    )
    from hvsim.economics.evaluation.budget import budget_impact, price_factors
    from hvsim.economics.evaluation.chance import VarianceComponents, variance_components
    from hvsim.economics.evaluation.concentration import (
        concentration_curve,
        concentration_index,
        relative_slope_index,
        slope_index,
    )
    from hvsim.economics.evaluation.distributional import (
        EquityImpact,
        equity_impact,
        net_of_opportunity_cost,
    )
    from hvsim.economics.evaluation.frontier import icer_table, ranges_of_optimality
    from hvsim.economics.evaluation.global_sensitivity import (
        SobolIndices,
        morris_design,
        morris_effects,
        sobol_design,
        sobol_indices,
    )
    from hvsim.economics.evaluation.inequality import (
        atkinson_ede,
        atkinson_index,
        equity_weights,
        extended_gini_ede,
        gini,
        kolm_ede,
    )
    from hvsim.economics.evaluation.information import evpi, expected_loss, population_value
    from hvsim.economics.evaluation.luck import evppi_by_luck
    from hvsim.economics.evaluation.moments import (
        Beta,
        Dirichlet,
        Gamma,
        Lognormal,
        Normal,
        sd_of_interval,
    )
    from hvsim.economics.evaluation.partial_information import (
        InformationValue,
        evppi,
        evppi_estimate,
        information_rank,
    )
    from hvsim.economics.evaluation.plane import Ellipse, ellipse, increments, pairwise_table
    from hvsim.economics.evaluation.rates import (
        apply_odds_ratio,
        apply_relative_risk,
        half_cycle_weights,
        probability_to_rate,
        rate_to_probability,
        rescale_discount_rate,
        rescale_probability,
    )
    from hvsim.economics.evaluation.returns import returns_table
    from hvsim.economics.evaluation.sensitivity import (
        explained_variance,
        metamodel,
        one_way,
        swings,
        tornado,
        two_way,
    )
    from hvsim.economics.evaluation.structures import (
        StructuralComponents,
        by_alternative,
        structural_components,
    )
    from hvsim.economics.evaluation.studies import evsi, evsi_gaussian, net_benefit_of_sampling
    from hvsim.economics.evaluation.subgroups import evpi_by_group, value_of_individualized_care
    from hvsim.economics.evaluation.summary import strategy_summary
    from hvsim.economics.evaluation.thresholds import best_ranges, break_even

_EVALUATION = {
    "acceptability": "ceac ceac_pairwise ceaf",
    "benefit": "exponential_utility net_health_benefit net_monetary_benefit optimal_strategy",
    "budget": "budget_impact price_factors",
    "chance": "VarianceComponents variance_components",
    "concentration": "concentration_curve concentration_index relative_slope_index slope_index",
    "distributional": "EquityImpact equity_impact net_of_opportunity_cost",
    "frontier": "icer_table ranges_of_optimality",
    "global_sensitivity": "SobolIndices morris_design morris_effects sobol_design sobol_indices",
    "inequality": "atkinson_ede atkinson_index equity_weights extended_gini_ede gini kolm_ede",
    "information": "evpi expected_loss population_value",
    "luck": "evppi_by_luck",
    "moments": "Beta Dirichlet Gamma Lognormal Normal sd_of_interval",
    "partial_information": "InformationValue evppi evppi_estimate information_rank",
    "plane": "Ellipse ellipse increments pairwise_table",
    "rates": "apply_odds_ratio apply_relative_risk half_cycle_weights probability_to_rate "
    "rate_to_probability rescale_discount_rate rescale_probability",
    "returns": "returns_table",
    "sensitivity": "explained_variance metamodel one_way swings tornado two_way",
    "structures": "StructuralComponents by_alternative structural_components",
    "studies": "evsi evsi_gaussian net_benefit_of_sampling",
    "subgroups": "evpi_by_group value_of_individualized_care",
    "summary": "strategy_summary",
    "thresholds": "best_ranges break_even",
}
"""Modules of evaluation, and what each is asked for."""

_HOMES = {name: module for module, names in _EVALUATION.items() for name in names.split()}

__all__ = [
    "Beta",
    "Dirichlet",
    "Ellipse",
    "EquityImpact",
    "Gamma",
    "InformationValue",
    "Lognormal",
    "Normal",
    "Prices",
    "SobolIndices",
    "StructuralComponents",
    "Tables",
    "Valuation",
    "ValuationError",
    "VarianceComponents",
    "against",
    "apply_odds_ratio",
    "apply_relative_risk",
    "atkinson_ede",
    "atkinson_index",
    "best_ranges",
    "break_even",
    "break_even_year",
    "budget_impact",
    "by_alternative",
    "ceac",
    "ceac_pairwise",
    "ceaf",
    "concentration_curve",
    "concentration_index",
    "cost_per_family",
    "discounted_events",
    "ellipse",
    "equity_impact",
    "equity_weights",
    "events_by_view",
    "evpi",
    "evpi_by_group",
    "evppi",
    "evppi_by_luck",
    "evppi_estimate",
    "evsi",
    "evsi_gaussian",
    "expected_loss",
    "explained_variance",
    "exponential_utility",
    "extended_gini_ede",
    "gini",
    "half_cycle_weights",
    "icer_table",
    "increments",
    "information_rank",
    "kolm_ede",
    "load_prices",
    "metamodel",
    "morris_design",
    "morris_effects",
    "net_benefit_of_sampling",
    "net_health_benefit",
    "net_monetary_benefit",
    "net_of_opportunity_cost",
    "one_way",
    "optimal_strategy",
    "pairwise_table",
    "population_value",
    "present_value",
    "price_factors",
    "prices_hash",
    "prices_yaml",
    "probability_to_rate",
    "ranges_of_optimality",
    "rate_to_probability",
    "refuse_other_place",
    "refuse_unfit",
    "relative_slope_index",
    "rescale_discount_rate",
    "rescale_probability",
    "returns_table",
    "sd_of_interval",
    "slope_index",
    "sobol_design",
    "sobol_indices",
    "spending_by_stream",
    "strategy_summary",
    "structural_components",
    "swings",
    "tornado",
    "two_way",
    "value_of_individualized_care",
    "value_tables",
    "variance_components",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.evaluation.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
