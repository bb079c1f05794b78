"""What must be true of organizations in any run: places, money, people, families that are gone."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
from hypothesis import given

from agreement.agreeing import FastRun
from hvsim.months import month_of_fiscal_year
from hvsim.simulation.ledger import SPENDING
from hvsim.simulation.lists import of
from hvsim.simulation.state import NEVER, SERVED, WAITING
from hvsim.simulation.system import System
from reference.hamlet import everybody, system
from simulation.running import FEW, NUMBERS
from simulation.test_invariants import load_by_hand, phases


def medicaid(model: System) -> set[int]:
    """Families for whom the federal places of the hamlet are."""
    payer = model.plan.scenario.funding["federal"].families["payer"]
    assert payer == ("medicaid",)
    group = model.groups.index(("payer", "medicaid"))
    return set(np.flatnonzero((model.state.groups == group).any(axis=1)).tolist())


@given(NUMBERS)
@FEW
def test_restricted_places_hold_only_families_open_to_them(seed: int) -> None:
    scenario = system("funding.gifts=null")
    restricted = 0
    for model in phases(scenario, everybody(scenario, 6), seed, 1.0):
        if model.phase not in ("staff", "allocation"):
            continue
        federal = model.terms.group[list(model.plan.streams).index("federal")]
        for provider in model.providers:
            groups = of(model.payroll.groups, provider.position).tolist()
            units = of(model.payroll.places, provider.position).tolist()
            assert sum(units) == provider.capacity
            open_to_all = provider.capacity - dict(zip(groups, units, strict=True)).get(federal, 0)
            path = model.state.paths[provider.roster, provider.track]
            month = model.t + (model.phase == "allocation")
            there = (path["begin"] <= month) & (path["finish"] > month)
            there &= (path["held"] == 0) if model.phase == "staff" else (path["begin"] == month)
            who = [i for i in provider.roster[there].tolist() if i not in medicaid(model)]
            load = sum(load_by_hand(model, provider, i, month) for i in who)
            assert load <= open_to_all
            restricted += load > 0 and open_to_all < provider.capacity
    assert restricted > 0


@given(NUMBERS)
@FEW
def test_new_families_find_their_places_free(seed: int) -> None:
    scenario = system()
    for model in phases(scenario, everybody(scenario, 6), seed, 1.0):
        if model.phase != "allocation":
            continue
        for provider in model.providers:
            path = model.state.paths[provider.roster, provider.track]
            if (path["begin"] == model.t + 1).any():
                stays = (path["begin"] <= model.t + 1) & (path["finish"] > model.t + 1)
                who = provider.roster[stays].tolist()
                load = sum(load_by_hand(model, provider, i, model.t + 1) for i in who)
                assert load <= provider.capacity


@given(NUMBERS)
@FEW
def test_streams_pay_only_for_what_they_may(seed: int) -> None:
    scenario = system()
    for model in phases(scenario, everybody(scenario, 2), seed, 1.0):
        if model.phase != "ledger":
            continue
        assert model.payroll.accounts.min() >= 0
        spent = model.spent[..., model.t]
        policy = model.plan.policies[model.policy]
        for s, name in enumerate(model.plan.streams):
            stream = policy.funding.get(name, model.plan.streams[name])
            for c, category in enumerate(SPENDING):
                due = spent[:, :, c].sum(axis=0)
                assert category in stream.pays or not spent[s, :, c].any()
                # Each payment may round up by a cent; hires are paid one by one.
                slack = np.where(due > 0, 1 + len(model.providers) * 20, 0)
                assert (spent[s, :, c] <= stream.match.value * due + slack).all()


@given(NUMBERS)
@FEW
def test_people_of_a_pool_are_neither_made_nor_lost(seed: int) -> None:
    """Available now are those before, who entered, who returned, less those who were hired."""
    scenario = system("labor.visitors.returns=1", "labor.visitors.poached_per_month=0")
    before = {name: int(pool.available.value) for name, pool in scenario.labor.items()}
    employed: dict[str, set[tuple[str, int]]] = defaultdict(set)
    hired = 0
    for model in phases(scenario, everybody(scenario, 1), seed, 1.0):
        if model.phase != "staff":
            continue
        month = model.plan.t0 + model.t
        j = month_of_fiscal_year(month, scenario.fiscal_year_starts)
        for name, pool in model.pools.items():
            teams = [provider for provider in model.providers if provider.pool is pool]
            now = {(p.name, visitor.serial) for p in teams for visitor in p.team.visitors}
            new, gone = now - employed[name], employed[name] - now
            entrants = int(scenario.labor[name].entrants_per_year.at(month))
            entered = entrants * (j + 1) // 12 - entrants * j // 12
            started = 0 if model.t == 0 else len(new)
            assert pool.available == before[name] + entered + len(gone) - started
            assert pool.available >= 0
            before[name], employed[name] = pool.available, now
            hired += started
    assert hired > 0


def test_an_empty_pool_is_filled_by_poaching_alone() -> None:
    """Then teams that pay more grow at the cost of those that pay less, and nobody else starts."""
    scenario = system(
        "labor.visitors={available: 0, entrants_per_year: 0, returns: 0, poached_per_month: 1}",
        "programs.parents.staff.turnover_per_year=60%",
    )
    people: Counter[int] = Counter()
    for model in phases(scenario, everybody(scenario, 1), 3, 1.0):
        if model.phase == "staff":
            teams = [provider for provider in model.providers if provider.pool is not None]
            people[model.t] = sum(len(provider.team) for provider in teams)
            new = [v for p in teams for v in p.team.visitors if v.start == model.t > 0]
            cheapest = min(teams, key=lambda provider: provider.pay)
            assert model.t == 0 or all(v.start < model.t for v in cheapest.team.visitors)
            assert len(new) == 0 or people[model.t] <= people[model.t - 1]
    totals = [people[t] for t in sorted(people)]
    assert totals == sorted(totals, reverse=True)


@given(NUMBERS)
@FEW
def test_after_a_stop_nobody_without_a_place_stays(seed: int) -> None:
    scenario = system("programs.parents.hold_months=90", "programs.nurses.hold_months=90")
    stop = scenario.funding["federal"].to + 1
    for model in phases(scenario, everybody(scenario, 6), seed, 1.0):
        if model.phase != "service" or model.plan.t0 + model.t != stop:
            continue
        for provider in model.providers:
            if list(model.plan.programs)[provider.program] in ("parents", "nurses"):
                path = model.state.paths[provider.roster, provider.track]
                stays = (path["begin"] <= model.t) & (path["finish"] > model.t + 1)
                assert (path["held"][stays] == 0).all()


@given(NUMBERS)
@FEW
def test_who_died_or_moved_is_neither_served_nor_met(seed: int) -> None:
    rate = "kind: ending, per_month: 0.02"
    scenario = system(
        f"outcomes.death={{label: Deaths, unit: deaths, {rate}, ends: life}}",
        f"outcomes.move={{label: Moves, unit: moves, {rate}, ends: residence}}",
    )
    columns = everybody(scenario, 4)
    for model in phases(scenario, columns, seed, 1.0):
        if model.phase == "ledger":
            people, paths = model.state.people, model.state.paths
            lived = people["entry"] + people["age"] <= model.t + 1
            gone = (people["died"] | people["moved"]) & lived
            assert not np.isin(paths["state"][gone], (WAITING, SERVED)).any()
            serves = (paths["begin"] < NEVER) & (paths["finish"] > model.t + 1)
            assert not serves[gone].any()
            assert (model.state.waiting["since"][gone] == NEVER).all()
    run = FastRun(scenario, columns, seed)
    ended = {who: month for who, month, label in run.trace if label in ("death", "move")}
    assert ended
    assert any(label.startswith(("deceased", "moved")) for _, _, label in run.trace)
    assert not [e for e in run.trace if "/" in e[2] and e[1] > ended.get(e[0], NEVER)]
