"""The Los Angeles scenarios agree with one another and with what is known of the whole."""

from functools import cache
from pathlib import Path

import pytest

from hvsim.evidence import load_evidence
from hvsim.execution.refusal import refuse_incomparable
from hvsim.months import parse_month
from hvsim.scenario import Scenario, load_scenario
from hvsim.scenario.schema import Funding, Outcome

FOLDER = Path(__file__).parents[2] / "scenarios" / "la-county"
EXPANSIONS = (
    "universal",
    "targeted",
    "universal-targeted",
    "family-connects",
    "intake-hub-expanded",
)
FIVE_YEARS = 60


@cache
def scenario(name: str) -> Scenario:
    return load_scenario(FOLDER / f"{name}.yaml")


def fact(name: str) -> float:
    value = load_evidence()[name].value
    assert value is not None
    return value


def paid(stream: Funding, first: str, last: str) -> float:
    """Dollars of a stream from one month to another."""
    months = range(parse_month(first), parse_month(last) + 1)
    return sum(stream.per_year.at(t) / 12 for t in months if stream.from_ <= t <= stream.to)


def test_todays_money_is_what_is_known_of_all_of_it() -> None:
    streams = scenario("today").funding
    by_stream = {name: paid(stream, "2022-07", "2023-06") for name, stream in streams.items()}
    known = fact("PK007") * fact("POP330") / fact("POP329")  # in prices of 2023
    assert sum(by_stream.values()) == pytest.approx(known, rel=0.01)
    first_5 = sum(
        dollars for name, dollars in by_stream.items() if streams[name].payer == "first-5-la"
    )
    assert first_5 / sum(by_stream.values()) == pytest.approx(fact("POP395"), abs=0.01)


@pytest.mark.parametrize("name", EXPANSIONS)
def test_expansions_receive_the_same_money_on_top_of_todays(name: str) -> None:
    streams = dict(scenario(name).funding)
    assert paid(streams.pop("expansion"), "2023-01", "2040-12") == pytest.approx(225e6)
    assert streams == scenario("today").funding


@pytest.mark.parametrize("folder", ["equal-money", "equal-hires"])
def test_found_money_changes_amounts_alone(folder: str) -> None:
    files = sorted((FOLDER / folder).glob("*.yaml"))
    assert len(files) == 5
    for file in files:
        found = load_scenario(file)
        planned = scenario(file.stem.split("-at-equal-")[0].split("-with-equal-")[0])
        refuse_incomparable(planned, [found])
        changed = [name for name, own in found.funding.items() if own != planned.funding[name]]
        assert changed == [name for name, own in planned.funding.items() if own.scales]
        assert found.doors == planned.doors


@pytest.mark.parametrize("name", ["today", "universal", "targeted", "universal-targeted"])
def test_the_other_bound_changes_risks_and_no_service(name: str) -> None:
    other, own = scenario(f"gaps-in-harm/{name}"), scenario(name)
    for part in ("doors", "hubs", "programs", "providers", "labor", "funding", "population"):
        assert getattr(other, part) == getattr(own, part)
    gaps = [
        found.outcomes[outcome].log_hazard_ratios.get("medicaid")
        for found in (own, other)
        for outcome in ("harm", "false-report")
    ]
    assert [gap is not None and gap.value > 0 for gap in gaps] == [False, True, True, False]


@pytest.mark.parametrize("name", [*EXPANSIONS, "one-time-money"])
def test_every_birth_has_one_hospital(name: str) -> None:
    doors = [door for door in scenario(name).doors.values() if door.kind == "birth"]
    for month in range(scenario(name).start, scenario(name).end + 1):
        shares = sum(door.share_of_births.at(month) for door in doors)
        assert shares == pytest.approx(1)


def test_nothing_but_child_welfare_happens_after_five_years() -> None:
    families = scenario("today")
    in_chains = {
        events
        for chain in families.chains.values()
        for events in (chain.true_events, chain.false_events)
    }
    later = {name for name, outcome in families.outcomes.items() if _happens(outcome, FIVE_YEARS)}
    assert later == in_chains
    counted = [outcome.at_age for outcome in families.outcomes.values() if outcome.at_age]
    assert max(counted) < FIVE_YEARS


def _happens(outcome: Outcome, age: int) -> bool:
    return outcome.per_month.at(age) > 0


def test_births_with_siblings_are_those_recorded() -> None:
    population = scenario("today").population
    month = parse_month("2023-07")
    recorded = fact("POP027") * fact("POP018") / fact("POP026")
    first = 0.4  # of all births; siblings are births of second and later children
    siblings = fact("POP249") * (1 - first)
    begun = population.births_per_year.at(month)
    assert begun / (1 - siblings) == pytest.approx(recorded, rel=0.01)
    assert population.margins["parity"]["first-birth"].value * begun == pytest.approx(
        first * recorded, rel=0.01
    )
