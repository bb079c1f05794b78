"""Money of all providers: what it lets them pay, and whose places that makes.

Each step of a month is one compiled call for all. Meaning: ``docs/month.md``, section 5.2.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hvsim.compiled import compiled, lean
from hvsim.simulation.ledger import SPENDING
from hvsim.simulation.lists import Lists
from hvsim.simulation.payments import Payers, pay
from hvsim.simulation.plan import Plan
from hvsim.simulation.tables import FloatArray, IntArray

if TYPE_CHECKING:
    from hvsim.simulation.streams import Shares, Terms

SALARIES, HIRES, SUPERVISION = range(len(SPENDING))


class Wages(NamedTuple):
    """What positions of each provider cost, in cents: visitor and supervisor a month, a hire once.

    `team` is the number of visitors for each supervisor. Shape (r,).
    """

    visitor: IntArray
    supervisor: IntArray
    hire: IntArray
    team: FloatArray


def _wages(plan: Plan) -> Wages:
    visitors, supervisors, hires, teams = [], [], [], []
    for provider in plan.providers.values():
        staff = plan.programs[provider.program].staff
        visitors.append(round(100 * (staff.cost_per_visitor.value * provider.pay_ratio.value / 12)))
        hires.append(round(100 * staff.cost_per_hire.value))
        supervisor, team = 0, 1.0
        if staff.visitors_per_supervisor is not None and staff.cost_per_supervisor is not None:
            supervisor = round(100 * (staff.cost_per_supervisor.value / 12))
            team = staff.visitors_per_supervisor.value
        supervisors.append(supervisor)
        teams.append(team)
    return Wages(
        np.array(visitors, np.int64),
        np.array(supervisors, np.int64),
        np.array(hires, np.int64),
        np.array(teams, float),
    )


@lean
def _pay_month(
    r: int, visitors: int, wages: Wages, payers: Payers, held: IntArray, given: IntArray
) -> int:
    """Pay salaries and supervision of so many visitors for a month; cents that are missing."""
    supervisors = math.ceil(visitors / wages.team[r])
    missing = pay(wages.visitor[r] * visitors, SALARIES, payers, held, given[SALARIES])
    due = wages.supervisor[r] * supervisors
    return missing + pay(due, SUPERVISION, payers, held, given[SUPERVISION])


@compiled
def _positions(allotted: IntArray, wages: Wages, payers: Payers) -> IntArray:
    """Most visitors of each provider whose month can be paid from allotments. Shape (r,)."""
    positions = np.zeros(allotted.shape[0], np.int64)
    given = np.zeros((len(SPENDING), allotted.shape[1]), np.int64)
    for r in range(allotted.shape[0]):
        n = allotted[r].sum() // wages.visitor[r] if wages.visitor[r] > 0 else 0
        while _pay_month(r, n, wages, payers, allotted[r].copy(), given) > 0:
            n -= 1
        positions[r] = n
    return positions


@compiled
def _affords_hire(r: int, visitors: int, wages: Wages, payers: Payers, accounts: IntArray) -> bool:
    """Whether a provider can pay a hire, and then a month of `visitors`."""
    left = accounts[r].copy()
    given = np.zeros((len(SPENDING), accounts.shape[1]), np.int64)
    if pay(wages.hire[r], HIRES, payers, left, given[HIRES]) > 0:
        return False
    return bool(_pay_month(r, visitors, wages, payers, left, given) == 0)


@compiled
def _pay_hire(r: int, wages: Wages, payers: Payers, accounts: IntArray, spent: IntArray) -> None:
    """Pay a hire that a provider can afford. `spent` is that of this month by stream."""
    pay(wages.hire[r], HIRES, payers, accounts[r], spent)


@compiled
def _pay_teams(
    t: int,
    visitors: IntArray,
    capacity: IntArray,
    programs: IntArray,
    wages: Wages,
    payers: Payers,
    group: IntArray,
    closes: FloatArray,
    accounts: IntArray,
    spent: IntArray,
) -> tuple[IntArray, IntArray, IntArray]:
    """Pay all visitors and supervisors, and divide capacity by who pays the salaries.

    Returns what is missing by provider, rows of groups of streams with their places and how many of
    these are closing, shape (3, rows), and where the rows of each provider start.
    """
    providers, streams = accounts.shape
    missing = np.zeros(providers, np.int64)
    rows, starts = np.zeros((3, providers * streams), np.int64), np.zeros(providers + 1, np.int64)
    groups, places, closing = rows
    n = 0
    for r in range(providers):
        given = np.zeros((len(SPENDING), streams), np.int64)
        missing[r] = _pay_month(r, visitors[r], wages, payers, accounts[r], given)
        for s in range(streams):
            for category in (SALARIES, SUPERVISION):
                spent[s, programs[r], category, t] += given[category, s]
        salaries = given[SALARIES]
        first = n
        for j in range(streams):
            s = payers.stream[SALARIES, j]
            if s < 0 or salaries[s] == 0:
                continue
            at = first
            while at < n and groups[at] != group[s]:
                at += 1
            n = max(n, at + 1)
            groups[at] = group[s]
            places[at] += salaries[s]
            closing[at] += salaries[s] if t >= closes[s] else 0
        rounded, total = capacity[r], max(1, salaries.sum())
        for at in range(first, n):
            places[at] = capacity[r] * places[at] // total
            closing[at] = capacity[r] * closing[at] // total
            rounded -= places[at]
        if n > first:
            places[first] += rounded
        starts[r + 1] = n
    return missing, rows[:, :n], starts


class Payroll:
    """Accounts of all providers, and what is paid from them.

    Parameters
    ----------
    plan
        Frame of the run.
    spent
        Where payments are written down, in cents. Shape (streams, programs, `SPENDING`, months).

    Attributes
    ----------
    accounts, allotted
        Cents held of each stream; those received this month. Shape (providers, streams).
    groups, places, closing
        For each provider the groups of streams that pay salaries this month, in order; load units
        of each; how many of them take no new families.
    """

    def __init__(self, plan: Plan, spent: IntArray) -> None:
        self._spent = spent
        self._wages = _wages(plan)
        programs = list(plan.programs)
        of_each = [programs.index(provider.program) for provider in plan.providers.values()]
        self._programs = np.array(of_each, np.int64)
        self.accounts = np.zeros((len(plan.providers), len(plan.streams)), np.int64)
        self.allotted = np.zeros_like(self.accounts)
        nothing = np.zeros((3, 0), np.int64), np.zeros(len(plan.providers) + 1, np.int64)
        self._divide(*nothing)

    def _divide(self, rows: IntArray, starts: IntArray) -> None:
        self.groups, self.places, self.closing = (Lists(row, starts) for row in rows)

    def receive(self, cents: IntArray, shares: Shares) -> IntArray:
        """Take in the month's money of each stream; how much of it no provider gets.

        A provider's share is cut to whole cents.
        """
        handed_out = np.floor(cents[shares.stream] * shares.split * shares.part).astype(np.int64)
        self.allotted[:] = 0
        self.allotted[shares.provider, shares.stream] = handed_out
        self.accounts += self.allotted
        kept: IntArray = cents - self.allotted.sum(axis=0)
        return kept

    def lapse(self, stream: int) -> int:
        """Give back what is held of a stream: cents."""
        left = int(self.accounts[:, stream].sum())
        self.accounts[:, stream] = 0
        return left

    def fund(self, terms: Terms) -> list[int]:
        """By provider the most visitors whose month this month's allotments alone can pay."""
        return list(_positions(self.allotted, self._wages, terms.payers).tolist())

    def affords_hire(self, r: int, visitors: int, terms: Terms) -> bool:
        """Whether provider r can pay a hire, and then a month of `visitors`."""
        return _affords_hire(r, visitors, self._wages, terms.payers, self.accounts)

    def pay_hire(self, r: int, t: int, terms: Terms) -> None:
        """Pay a hire in month t that provider r can afford."""
        spent = self._spent[:, self._programs[r], HIRES, t]
        _pay_hire(r, self._wages, terms.payers, self.accounts, spent)

    def pay_teams(self, visitors: list[int], capacity: list[int], t: int, terms: Terms) -> IntArray:
        """Pay all teams of month t, and divide their capacity; cents missing by provider."""
        missing, rows, starts = _pay_teams(
            t,
            np.array(visitors, np.int64),
            np.array(capacity, np.int64),
            self._programs,
            self._wages,
            terms.payers,
            terms.group,
            terms.intake_closes,
            self.accounts,
            self._spent,
        )
        self._divide(rows, starts)
        return missing
