"""The life course of families: outcomes as intensities that cross thresholds.

A family is taken through a stretch of ages in one call. Within a stretch its multipliers are
constant, so the next event is found by inverting the accumulated intensity (Sellke 1983): the cost
follows events and changes of dose, not months.
"""

from __future__ import annotations

import math

import numpy as np

from hvsim.compiled import compiled
from hvsim.randomness import exponential, uniform
from hvsim.simulation.ledger import CHILDREN, EVENTS, PERSON_MONTHS
from hvsim.simulation.rules import dose, faded, logistic
from hvsim.simulation.state import NEVER
from hvsim.simulation.tally import bump, note


@compiled
def _event(i, t, measure, first, tally, people, lives):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Count one event of family i in month t; `first` is the first reported month."""
    bump(tally.outcomes[measure, EVENTS], t, people.groups[i], 1)
    if not lives.ever[i, measure]:
        lives.ever[i, measure] = True
        bump(tally.outcomes[measure, CHILDREN], t, people.groups[i], 1)
    if t >= first and lives.events[i, measure] < 65535:
        lives.events[i, measure] += 1
    if tally.trace.shape[0] > 0:
        note(tally, i, t, measure)


@compiled
def _report(i, t, c, n, true, first, seed, tally, people, lives, risks, occurred):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """A report and the stages that follow it. `n` numbers the true or false event behind it."""
    lives.reported[i, c] = True
    _event(i, t, risks.m_reported[c], first, tally, people, lives)
    if not true:
        _event(i, t, risks.m_unharmed[c], first, tally, people, lives)
    k = 2 * n if true else 2 * n + 1
    for s in range(risks.stage_start[c], risks.stage_start[c + 1]):
        before = risks.stage_after[s]
        p = risks.stage_true[s] if true else risks.stage_false[s]
        occurred[s] = (before < 0 or occurred[before]) and uniform(
            seed, people.id[i], risks.stage[s], k
        ) < p
        if occurred[s]:
            _event(i, t, risks.m_stage[s], first, tally, people, lives)


@compiled
def _next_age(cumulative, a, b, rate, need):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Age in [a, b) at whose end `rate` times the intensity since a reaches `need`, b if none."""
    if rate * (cumulative[b] - cumulative[a]) < need:
        return b
    low, high = a, b - 1
    while low < high:
        middle = (low + high) // 2
        if rate * (cumulative[middle + 1] - cumulative[a]) >= need:
            high = middle
        else:
            low = middle + 1
    return low


@compiled
def _recur(i, o, a, b, rate, first, offset, seed, tally, people, lives, risks):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Events of a recurrent outcome outside any chain, through ages [a, b)."""
    cumulative = risks.cumulative[o, people.entry[i]]
    while a < b:
        age = _next_age(cumulative, a, b, rate, lives.threshold[i, o] - lives.reached[i, o])
        stop = min(age + 1, b)
        lives.reached[i, o] += rate * (cumulative[stop] - cumulative[a])
        if age < b:
            while lives.reached[i, o] >= lives.threshold[i, o]:
                _event(i, offset + age, risks.m_event[o], first, tally, people, lives)
                lives.number[i, o] += 1
                lives.threshold[i, o] += exponential(
                    seed, people.id[i], risks.event[o], lives.number[i, o]
                )
        a = stop


@compiled
def _chain(  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    i, c, a, b, rate, false_rate, odds, first, offset, seed, tally, people, lives, risks, occurred
):
    """True and false events of a chain through ages [a, b), with reports and what follows."""
    o_true, o_false = risks.chain_true[c], risks.chain_false[c]
    cohort = people.entry[i]
    cumulative = risks.cumulative[o_true, cohort]
    cumulative_false = risks.cumulative[o_false, cohort]
    while a < b:
        after = risks.chain_after[c] if lives.reported[i, c] else 1.0
        r, rf = rate * after, false_rate * after
        need = lives.threshold[i, o_true] - lives.reached[i, o_true]
        need_false = lives.threshold[i, o_false] - lives.reached[i, o_false]
        age = min(
            _next_age(cumulative, a, b, r, need),
            _next_age(cumulative_false, a, b, rf, need_false),
        )
        stop = min(age + 1, b)
        lives.reached[i, o_true] += r * (cumulative[stop] - cumulative[a])
        lives.reached[i, o_false] += rf * (cumulative_false[stop] - cumulative_false[a])
        t = offset + age
        while lives.reached[i, o_true] >= lives.threshold[i, o_true]:
            _event(i, t, risks.m_event[o_true], first, tally, people, lives)
            n = lives.number[i, o_true]
            if uniform(seed, people.id[i], risks.detected[c], n) < logistic(odds):
                _report(i, t, c, n, True, first, seed, tally, people, lives, risks, occurred)
            lives.number[i, o_true] = n + 1
            lives.threshold[i, o_true] += exponential(
                seed, people.id[i], risks.event[o_true], n + 1
            )
        while lives.reached[i, o_false] >= lives.threshold[i, o_false]:
            _event(i, t, risks.m_event[o_false], first, tally, people, lives)
            n = lives.number[i, o_false]
            _report(i, t, c, n, False, first, seed, tally, people, lives, risks, occurred)
            lives.number[i, o_false] = n + 1
            lives.threshold[i, o_false] += exponential(
                seed, people.id[i], risks.event[o_false], n + 1
            )
        a = stop


@compiled
def _from_month(months, month, groups, by):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Mark a change of the number in a state; summing over months gives the person-months."""
    if month < months.shape[0]:
        bump(months, month, groups, by)


@compiled
def _spells(i, o, a, b, rate, exit_rate, first, offset, seed, tally, people, lives, risks):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Onsets and exits of a state through ages [a, b). Each counts from the next month on."""
    months = tally.outcomes[risks.m_event[o], PERSON_MONTHS]
    while a < b:
        present = lives.present[i, o]
        cumulative = risks.exits[o] if present else risks.cumulative[o, people.entry[i]]
        r = exit_rate if present else rate
        age = _next_age(cumulative, a, b, r, lives.threshold[i, o] - lives.reached[i, o])
        stop = min(age + 1, b)
        if age == b:
            lives.reached[i, o] += r * (cumulative[b] - cumulative[a])
        elif present:
            _event(i, offset + age, risks.m_recovery[o], first, tally, people, lives)
            _from_month(months, offset + stop, people.groups[i], -1)
            lives.present[i, o] = False
            lives.number[i, o] += 1
            _restart(i, o, risks.onset[o], seed, people, lives)
        else:
            _event(i, offset + age, risks.m_event[o], first, tally, people, lives)
            _from_month(months, offset + stop, people.groups[i], 1)
            lives.present[i, o] = True
            _restart(i, o, risks.exit[o], seed, people, lives)
        a = stop


@compiled
def _restart(i, o, purpose, seed, people, lives):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Begin to accumulate toward the next change of a state."""
    lives.reached[i, o] = 0.0
    lives.threshold[i, o] = exponential(seed, people.id[i], purpose, lives.number[i, o])


@compiled
def _begin(i, offset, seed, tally, people, lives, risks):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Thresholds and states of a family on entry."""
    for o in range(risks.is_state.shape[0]):
        if not risks.is_state[o]:
            lives.threshold[i, o] = exponential(seed, people.id[i], risks.event[o], 0)
            continue
        p = 1.0 - (1.0 - risks.at_entry[o]) ** people.multiplier[i, o]
        if uniform(seed, people.id[i], risks.entry[o], 0) < p:
            lives.present[i, o] = True
            bump(
                tally.outcomes[risks.m_event[o], PERSON_MONTHS], offset, people.groups[i], 1
            )
            _restart(i, o, risks.exit[o], seed, people, lives)
        else:
            _restart(i, o, risks.onset[o], seed, people, lives)


@compiled
def _stretch(i, a, until, offset, paths, effects, best, best_exit, odds, rates):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """Effects of services in the month of age a, and the age up to which they stay as they are.

    Fills log effects by outcome (`best`, `best_exit`) and by chain (`odds`, `rates`), which come as
    zeros.
    """
    t = offset + a
    end = until
    for k in range(paths.begin.shape[1]):
        begin = paths.begin[i, k]
        if begin > t:
            if begin < NEVER:
                end = min(end, begin - offset)
            continue
        p = paths.program[i, k]
        d = dose(paths.completed[i, k], paths.scheduled[i, k], effects.shape[p])
        finish = paths.finish[i, k]
        if finish > t:
            end = min(end, a + 1)
            if paths.held[i, k] == 0:
                for c in range(odds.shape[0]):
                    if abs(effects.log_detection_odds[p, c]) > abs(odds[c]):
                        odds[c] = effects.log_detection_odds[p, c]
                    if abs(effects.log_false_rate[p, c]) > abs(rates[c]):
                        rates[c] = effects.log_false_rate[p, c]
        elif effects.half_life[p] < math.inf and d > 0.0:
            step = effects.fade_step[p]
            d *= faded(t - finish, step, effects.half_life[p])
            end = min(end, finish + ((t - finish) // step + 1) * step - offset)
        for o in range(best.shape[0]):
            x = effects.log_hazard_ratio[p, o] * d
            if abs(x) > abs(best[o]):
                best[o] = x
            x = effects.log_exit_ratio[p, o] * d
            if abs(x) > abs(best_exit[o]):
                best_exit[o] = x
    return end


@compiled
def _times_exp(value, log_factor):  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    """`value * exp(log_factor)`, sparing the exponential of zero."""
    return value if log_factor == 0.0 else value * math.exp(log_factor)


@compiled
def live(  # type: ignore[no-untyped-def]  # compiled: arrays as numba sees them
    who, until, birth_age, first, seed, tally, people, lives, paths, risks, effects
):
    """Take families through their lives.

    Parameters
    ----------
    who
        Positions of families. Shape (n,).
    until
        For each, the age up to which it lives now (exclusive), counted from entry.
    birth_age
        Age index at birth: the months between entry and birth.
    first
        First reported month.
    """
    outcomes = risks.is_state.shape[0]
    best, best_exit = np.empty(outcomes), np.empty(outcomes)
    chains = risks.chain_true.shape[0]
    odds, rates = np.empty(chains), np.empty(chains)
    occurred = np.zeros(risks.stage_after.shape[0], np.bool_)
    for j in range(who.shape[0]):
        i, stop = who[j], until[j]
        offset = people.entry[i]
        a = lives.age[i]
        if a == 0 and stop > 0:
            bump(tally.births, offset + birth_age, people.groups[i], 1)
            _begin(i, offset, seed, tally, people, lives, risks)
        while a < stop:
            b = stop
            best[:] = 0.0
            best_exit[:] = 0.0
            odds[:] = 0.0
            rates[:] = 0.0
            if paths.touched[i]:
                b = _stretch(i, a, stop, offset, paths, effects, best, best_exit, odds, rates)
            # Most stretches hold no event: settled here, without the cost of a call.
            for o in range(outcomes):
                if risks.is_state[o] and lives.present[i, o]:
                    rate = _times_exp(1.0, best_exit[o])
                    step = rate * (risks.exits[o, b] - risks.exits[o, a])
                elif risks.is_state[o] or risks.is_alone[o]:
                    rate = _times_exp(people.multiplier[i, o], best[o])
                    step = rate * (risks.cumulative[o, offset, b] - risks.cumulative[o, offset, a])
                else:
                    continue
                if step < lives.threshold[i, o] - lives.reached[i, o]:
                    lives.reached[i, o] += step
                elif risks.is_state[o]:
                    rate = _times_exp(people.multiplier[i, o], best[o])
                    exit_rate = _times_exp(1.0, best_exit[o])
                    _spells(
                        i, o, a, b, rate, exit_rate, first, offset, seed, tally, people, lives,
                        risks,
                    )
                else:
                    _recur(i, o, a, b, rate, first, offset, seed, tally, people, lives, risks)
            for c in range(chains):
                o, f = risks.chain_true[c], risks.chain_false[c]
                after = risks.chain_after[c] if lives.reported[i, c] else 1.0
                rate = _times_exp(people.multiplier[i, o], best[o])
                false_rate = _times_exp(people.multiplier[i, f], best[f] + rates[c])
                step = after * rate * (
                    risks.cumulative[o, offset, b] - risks.cumulative[o, offset, a]
                )
                false_step = after * false_rate * (
                    risks.cumulative[f, offset, b] - risks.cumulative[f, offset, a]
                )
                if (
                    step < lives.threshold[i, o] - lives.reached[i, o]
                    and false_step < lives.threshold[i, f] - lives.reached[i, f]
                ):
                    lives.reached[i, o] += step
                    lives.reached[i, f] += false_step
                else:
                    logit = risks.chain_logit[c] + risks.chain_spread[c] * people.detection[i]
                    _chain(
                        i, c, a, b, rate, false_rate, logit + odds[c], first, offset, seed, tally,
                        people, lives, risks, occurred,
                    )
            a = b
        lives.age[i] = stop
        if stop == risks.exits.shape[1] - 1:
            for o in range(outcomes):
                if lives.present[i, o]:
                    months = tally.outcomes[risks.m_event[o], PERSON_MONTHS]
                    _from_month(months, offset + stop, people.groups[i], -1)
