"""The ledger holds what a run counted: in real units, from the start on, in the right groups."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest

from agreement.agreeing import CASH, FastRun
from hvsim.population import Families
from hvsim.reference.model import PlainModel
from hvsim.scenario.vocabulary import ATTRIBUTES
from hvsim.simulation.ledger import CAPACITY_MEASURES, EVENTS, SPENDING
from hvsim.simulation.people import RISK_GROUPS
from reference.hamlet import everybody, today

UNITS = 2


@cache
def families() -> Families:
    return everybody(today(), 6)


@cache
def run() -> FastRun:
    return FastRun(today(), families(), 4, 1 / UNITS)


def births(who: Families) -> list[int]:
    """Births by month of the ledger, in real units."""
    ledger = run().ledger
    months = Counter(who.birth_month.tolist())
    return [UNITS * months[ledger.first_month + t] for t in range(ledger.months)]


def test_births_stand_in_their_month_from_the_start_on() -> None:
    ledger = run().ledger
    assert ledger.first_month == today().start
    assert ledger.births[:, 0].tolist() == births(families())
    assert births(families())[0] > 0


@pytest.mark.parametrize("attribute", ["race-ethnicity", "payer"])
def test_families_are_counted_at_their_own_level(attribute: str) -> None:
    ledger, columns = run().ledger, families()
    for level in ATTRIBUTES[attribute]:
        group = ledger.groups.index((attribute.replace("-", "_"), level))
        assert ledger.births[:, group].tolist() == births(columns.chosen(columns.has(level)))


def test_families_are_counted_in_their_risk_group() -> None:
    """Groups begin at the cuts: risk itself is that of the plain model."""
    ledger, columns = run().ledger, families()
    plain = PlainModel(today(), columns, seed=4)
    risk = {family.id: family.held["risk"] for family in plain.families}
    groups = np.digitize([risk[i] for i in columns.id.tolist()], today().screening.risk_group_cuts)
    for g, name in enumerate(RISK_GROUPS):
        group = ledger.groups.index(("risk_group", name))
        assert (groups == g).any()
        assert ledger.births[:, group].tolist() == births(columns.chosen(groups == g))


def test_events_are_counted_in_real_units() -> None:
    ledger = run().ledger
    happened = Counter((label, month) for _, month, label in run().trace)
    for m, measure in enumerate(ledger.measures):
        expected = [UNITS * happened[measure, ledger.first_month + t] for t in range(ledger.months)]
        assert ledger.outcomes[m, EVENTS, :, 0].tolist() == expected


def test_the_family_record_begins_with_the_first_reported_month() -> None:
    ledger = run().ledger
    record, start = ledger.families, ledger.first_month
    reported = [event for event in run().trace if event[1] >= start]
    assert {month for _, month, label in reported if label in ledger.measures} >= {start}
    events = Counter((family, label) for family, _, label in reported)
    words = {(family, label.split("/")[0], label.split("/")[-1]) for family, _, label in reported}
    for i, family in enumerate(record.id.tolist()):
        counted = [events[family, measure] for measure in ledger.measures]
        assert record.events[i].tolist() == counted
        enrolled = [(family, "enrolled", program) in words for program in ledger.programs]
        assert record.enrolled[i].tolist() == enrolled
        met = any((family, "contacted", door) in words for door in ledger.doors)
        assert record.contacted[i] == met


def test_money_and_teams_stand_in_their_month() -> None:
    ledger = run().ledger
    for s, stream in enumerate(ledger.streams):
        for t in range(ledger.months):
            spent = ledger.spent[s, :, :, t].sum(axis=0).tolist()
            row = (int(ledger.received[s, t]), *spent, int(ledger.lapsed[s, t]))
            assert row == run().money[stream, ledger.first_month + t]
            assert len(row) == len(CASH) == len(SPENDING) + 2
    enrolled, held = (CAPACITY_MEASURES.index(name) for name in ("enrolled", "on_hold"))
    for r, provider in enumerate(ledger.providers):
        for t in range(ledger.months):
            _, _, _, served, on_hold, _, _ = run().capacity[provider, ledger.first_month + t]
            assert ledger.capacity[r, enrolled, t] == UNITS * served
            assert ledger.capacity[r, held, t] == UNITS * on_hold
    assert np.any(ledger.capacity[:, held] > 0)


def test_each_hire_is_paid_for_in_its_month() -> None:
    """A hire costs what its program's staff states; at the start nobody is hired."""
    ledger = run().ledger
    hires = ledger.capacity[:, CAPACITY_MEASURES.index("hires")]
    assert hires.sum() > 0
    paid = ledger.spent[:, :, SPENDING.index("hires")].sum(axis=0)
    for p, program in enumerate(ledger.programs):
        price = round(100 * today().programs[program].staff.cost_per_hire.value)
        own = np.array(ledger.provider_programs) == p
        assert price > 0
        assert (price * hires[own].sum(axis=0)).tolist() == paid[p].tolist()
