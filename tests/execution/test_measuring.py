"""Outcome measures: as the ledger counts them, and as reports name, group and judge them."""

from pathlib import Path

from hvsim.execution.measuring import left_out, measures, shared
from hvsim.runs import LeftOut
from hvsim.scenario import Scenario, load_scenario
from hvsim.simulation.plan import make_plan
from runs.ledgers import HARBOR

WHOLE = Path(__file__).parents[1] / "scenario" / "whole.yaml"


def with_asthma(folder: Path, more: str = "", kind: str = "recurrent") -> Scenario:
    """Harbor County with an outcome of its own."""
    file = folder / "asthma.yaml"
    file.write_text(
        f"extends: {HARBOR / 'targeted.yaml'}\ntitle: Asthma too\noutcomes:\n"
        f"  asthma: {{label: Asthma attacks, unit: attacks, kind: {kind}, per_month: 0.01{more}}}\n"
    )
    return load_scenario(file)


def test_measures_are_those_of_the_ledger_in_its_order() -> None:
    scenario = load_scenario(WHOLE)
    found = measures(scenario)
    plan = make_plan(scenario, 1.0)
    assert tuple(measure.name for measure in found) == plan.measures.names
    assert tuple(measure.unit for measure in found) == plan.measures.units


def test_every_kind_of_outcome_has_its_own() -> None:
    found = {measure.name: measure for measure in measures(load_scenario(WHOLE))}
    kinds = {name: measure.kind for name, measure in found.items()}
    assert kinds["harm"] == "harm"
    assert kinds["hospital-nights"] == "amount"
    assert kinds["foster-care"] == "state"
    assert kinds["foster-care-recovery"] == "recovery"
    assert kinds["ready-for-school"] == "status"
    assert (kinds["deaths"], kinds["moves"]) == ("death", "move")
    assert [name for name, measure in found.items() if measure.desirable] == ["ready-for-school"]
    assert {name for name, measure in found.items() if not measure.is_judged} == {
        "false-reports",
        "depression-recovery",
        "foster-care-recovery",
        "moves",
        "reported-without-harm",
    }


def test_what_belongs_to_a_chain_stands_under_its_heading() -> None:
    groups = {measure.name: measure.group for measure in measures(load_scenario(WHOLE))}
    for name in ("harm", "foster-care", "foster-care-recovery", "reported", "substantiated"):
        assert groups[name] == "Child welfare"
    assert groups["hospital-nights"] == groups["emergency-stays"] == "Child health"
    assert groups["moves"] == ""
    harbor = measures(load_scenario(HARBOR / "today.yaml"))
    assert {m.group for m in harbor if m.kind in ("harm", "report", "stage")} == {
        "Child protective services"
    }


def test_only_what_all_scenarios_have_is_compared(tmp_path: Path) -> None:
    scenarios = [load_scenario(HARBOR / "today.yaml"), with_asthma(tmp_path)]
    assert shared(scenarios) == measures(scenarios[0])
    assert shared(scenarios[::-1]) == measures(scenarios[0])
    assert left_out(scenarios) == (
        LeftOut(name="asthma", label="Asthma attacks", scenarios=("asthma",)),
    )
    assert left_out(scenarios[:1]) == ()
