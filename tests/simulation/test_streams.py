"""What the end of a stream means: for intake, and for families without a place."""

from __future__ import annotations

from hvsim.months import format_month, parse_month
from hvsim.simulation.compile_services import services
from hvsim.simulation.plan import make_plan
from hvsim.simulation.streams import stops, terms_of
from reference.hamlet import expansion, today


def test_families_are_cut_off_in_the_month_after_the_last_money() -> None:
    plan = make_plan(today("funding.grant.at_end=stop"), 1)
    after = parse_month("2024-10") - plan.t0
    assert set(stops(plan)) == {("parents", after), ("light", after)}


def test_a_stream_that_has_no_money_in_its_last_month_cuts_nobody_off() -> None:
    """The grant ends under a policy that does not know it."""
    assert list(stops(make_plan(today(), 1))) == []
    scenario = expansion("funding.state.at_end=stop")
    assert {program for program, _ in stops(make_plan(scenario, 1))} == set(scenario.programs)
    ended = {month for _, month in stops(make_plan(scenario, 1))}
    assert ended == {parse_month("2025-04") - make_plan(scenario, 1).t0}


def test_money_that_ended_before_the_first_month_cuts_nobody_off() -> None:
    """Nor does it in a month counted from the last one."""
    first = make_plan(today(), 1).t0
    assert services(make_plan(today("funding.grant.at_end=stop"), 1)).stops.any()
    for months in (2, 3, 200):
        to = format_month(first - months)
        plan = make_plan(
            today(
                "funding.grant.at_end=stop",
                f"funding.grant.from={format_month(first - 300)}",
                f"funding.grant.to={to}",
            ),
            1,
        )
        assert not services(plan).stops.any()


def test_intake_closes_for_the_last_months_of_money() -> None:
    plan = make_plan(today("funding.grant.intake_closes=2"), 1)
    closes = dict(zip(plan.streams, terms_of(plan, 1).intake_closes, strict=True))
    assert closes["grant"] == parse_month("2024-08") - plan.t0
    assert closes["county"] == parse_month("2027-07") - plan.t0
