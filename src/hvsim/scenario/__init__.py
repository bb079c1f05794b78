"""Scenario files: what a planner writes, read, merged, checked and kept with its origins."""

from hvsim.scenario.errors import Origin, Problem, ScenarioError
from hvsim.scenario.jsonschema import complete_schema, fragment_schema
from hvsim.scenario.loading import load_scenario
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.remarks import remarks
from hvsim.scenario.resolved import in_one_folder, resolved_yaml
from hvsim.scenario.schema import Scenario
from hvsim.scenario.values import OfferRule
from hvsim.scenario.variants import with_effects

__all__ = [
    "OfferRule",
    "Origin",
    "Problem",
    "Quantity",
    "Scenario",
    "ScenarioError",
    "complete_schema",
    "fragment_schema",
    "in_one_folder",
    "load_scenario",
    "remarks",
    "resolved_yaml",
    "with_effects",
]
