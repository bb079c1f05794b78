"""Families and what can happen to them, at random."""

from __future__ import annotations

import math

from agreement.frame import Frame, Tree
from hvsim.scenario.vocabulary import ATTRIBUTES


def population(frame: Frame) -> Tree:
    dice = frame.dice
    tree: Tree = {
        "births_per_year": 500,
        "enters_before_birth": frame.enters,
        "associations": "us-births-2022",
        "regions": {
            name: {"share_of_births": share} for name, share in dice.parts(frame.regions).items()
        },
        "margins": {name: dice.parts(levels) for name, levels in ATTRIBUTES.items()},
    }
    if frame.own:
        tree["attributes"] = {
            name: {
                "label": name,
                "otherwise": levels[0],
                "levels": {level: {"share": dice.real(0.05, 0.45)} for level in levels[1:]},
            }
            for name, levels in frame.own.items()
        }
    return tree


def screening(frame: Frame) -> Tree:
    dice = frame.dice
    with_risk = dice.one([dice.real(-1, 1), 1])
    rest = math.sqrt(1 - with_risk**2)
    return {
        "of": dice.one(frame.recurrent),
        "flagged": frame.dated(dice.share),
        "correlation_with_risk": with_risk,
        "correlation_with_detection": round(0.99 * dice.real(-rest, rest), 4),
        "risk_mean": dice.real(-1, 1),
        "risk_sd": dice.real(0.2, 2),
        "risk_group_cuts": [-0.5, 0.7],
    }


def structure(frame: Frame) -> Tree:
    dice = frame.dice
    return {
        "several_programs": dice.one(["strongest", "strongest", "sum"]),
        "dose": dice.one(["share-of-scheduled", "share-of-scheduled", "share-of-program"]),
        "recurrence": dice.one(["reporting", "reporting", "harm"]),
    }


def outcomes(frame: Frame, chains: Tree) -> Tree:
    """All outcomes; those of chains recur plainly."""
    chained = {chain[of] for chain in chains.values() for of in ("true_events", "false_events")}
    tree = {name: _recurrent(frame, name, plain=name in chained) for name in frame.recurrent}
    tree |= {name: _state(frame, name) for name in frame.states}
    tree |= {name: _spells(frame, name, chains) for name in frame.spells}
    tree |= {name: _status(frame, name) for name in frame.statuses}
    return tree | {name: _ending(frame, name) for name in frame.endings}


def _rate(frame: Frame, name: str, kind: str, most: float) -> Tree:
    dice = frame.dice
    return {
        "label": name,
        "unit": "cases",
        "kind": kind,
        "per_month": dice.by_stage(most, -frame.enters),
        "trend": frame.dated(lambda: dice.real(0, 2)),
        "shared_frailty_sd": dice.one([0, 0.5, 1]),
        "own_frailty_sd": dice.one([0, 0.4]),
        "log_hazard_ratios": dice.coefficients(()),
    }


def _recurrent(frame: Frame, name: str, *, plain: bool) -> Tree:
    dice = frame.dice
    outcome = _rate(frame, name, "recurrent", dice.one([0.02, 0.2, 0.6]))
    if not plain and dice.happens(0.5):
        mean = dice.one([1, 1.5, 6])
        outcome["amount"] = {"name": f"{name}-nights", "label": "n", "unit": "nights", "mean": mean}
    elif not plain and not frame.has_siblings and dice.happens(0.6):
        frame.has_siblings = True
        outcome["sibling_after"] = frame.enters + dice.whole(1, 9)
    return outcome


def _state(frame: Frame, name: str) -> Tree:
    dice = frame.dice
    most = dice.one([0.02, 0.2, 0.6])
    outcome = _rate(frame, name, "state", most)
    outcome["exit_per_month"] = dice.by_stage(most, -frame.enters)
    outcome["present_at_entry"] = dice.share()
    return outcome


def _spells(frame: Frame, name: str, chains: Tree) -> Tree:
    """A state that begins with a stage; without chains one of its own."""
    dice = frame.dice
    if not chains:
        return _state(frame, name)
    chain = dice.one(list(chains))
    return {
        "label": name,
        "unit": "spells",
        "kind": "state",
        "begins_with": {
            "chain": chain,
            "stage": dice.one(["reported", *chains[chain]["stages"]]),
        },
        "exit_per_month": dice.by_stage(dice.one([0.1, 0.6]), -frame.enters),
    }


def _status(frame: Frame, name: str) -> Tree:
    dice = frame.dice
    age = dice.whole(-frame.enters, frame.follow_up + 1)
    outcome: Tree = {
        "label": name,
        "unit": "children",
        "kind": "status",
        "desirable": dice.happens(0.5),
        "at_age": age,
        "share": dice.share(),
        "share_log_odds": dice.coefficients(("frailty", "willingness")),
    }
    if dice.happens(0.5):
        outcome["dose_age"] = dice.whole(-frame.enters, age)
    if dice.happens(0.4):
        outcome["realized"] = dice.one(["preterm", "low-birth-weight", "first-birth"])
    return outcome


def _ending(frame: Frame, name: str) -> Tree:
    outcome = _rate(frame, name, "ending", frame.dice.one([0.002, 0.02, 0.1]))
    return outcome | {"ends": "life" if name == "death" else "residence"}


def chains(frame: Frame) -> Tree:
    dice = frame.dice
    pairs = zip(frame.recurrent[::2], frame.recurrent[1::2], strict=False)
    names = ["agency", "school"][: dice.whole(0, 2)]
    tree: Tree = {}
    for name, (true, false) in zip(names, pairs, strict=False):
        stages: Tree = {}
        for stage in ("opened", "proven", "acted-on", "appealed")[: dice.whole(0, 4)]:
            stages[f"{name}-{stage}"] = {
                "label": stage,
                "unit": "cases",
                "follows": dice.one(["reported", *stages]),
                "if_true": _by_age(frame),
                "if_false": _by_age(frame),
            }
        tree[name] = {
            "label": name,
            "true_events": true,
            "false_events": false,
            "detected": dice.share(),
            "detection_spread": dice.one([0, 0.7]),
            "detected_log_odds": dice.coefficients(()),
            "after_first_report": dice.one([0, 0.5, 1, 2.5]),
            "stages": stages,
        }
    return tree


def _by_age(frame: Frame) -> object:
    """A share, or steps that begin before, at or after birth."""
    dice = frame.dice
    if dice.happens(0.6):
        return dice.share()
    starts = sorted(dice.some(range(-4, 14), 1, 3))
    return {str(start): dice.share() for start in starts}
