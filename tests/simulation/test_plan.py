"""The frame of a run: whose terms hold, and in which order streams pay."""

from __future__ import annotations

from hvsim.simulation.compile_offers import offers
from hvsim.simulation.plan import make_plan
from reference.hamlet import expansion, today


def test_streams_pay_by_order_and_else_as_written() -> None:
    written = list(make_plan(today(), 1).streams)
    assert len(written) > 1
    last = today(f"funding.{written[0]}.order=1")
    assert list(make_plan(last, 1).streams) == [*written[1:], written[0]]
    first = today(f"funding.{written[-1]}.order=-1")
    assert list(make_plan(first, 1).streams) == [written[-1], *written[:-1]]


def test_of_what_both_policies_know_the_scenario_has_its_own_terms() -> None:
    scenario = expansion("providers.nurse-team.share=0.25")
    assert "nurse-team" in scenario.before.providers
    assert make_plan(scenario, 1).providers["nurse-team"].share.value == 0.25


def test_the_first_reported_month_is_under_the_scenarios_own_policy() -> None:
    plan = make_plan(today(), 1)
    assert [plan.policy(plan.first - 1), plan.policy(plan.first)] == [0, 1]


def test_each_policy_has_its_own_shares_of_providers() -> None:
    plan = make_plan(expansion("providers.nurse-team.share=0.25"), 1)
    position = list(plan.providers).index("nurse-team")
    assert offers(plan).provider_share[:, position].tolist() == [1.0, 0.25]
