"""Scenarios at random: small, valid, often extreme, over all that the language can say."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from agreement.dice import Dice
from hvsim.months import format_month
from hvsim.population import Families
from hvsim.scenario import Scenario, load_scenario
from hvsim.scenario.vocabulary import ATTRIBUTES

T = TypeVar("T")
Tree = dict[str, Any]

YEAR = 2020 * 12
CARE = ATTRIBUTES["prenatal-care"]
OPEN_ATTRIBUTES = [attribute for attribute in ATTRIBUTES if attribute != "race-ethnicity"]
ORGANIZATIONS = ("doors", "programs", "providers", "funding")
OFFERS = ("everyone", "everyone", "everyone", {"screened": "high"}, {"screened": "low"}, "nobody")


class Writer:
    """Writes a scenario and the one before it.

    Both take the names of their organizations from the same few, so that some are known to both,
    on other terms, and some to one alone. Half the scenarios are rich: their families mostly find
    their way into service, often into several programs.
    """

    def __init__(self, number: int) -> None:
        self.dice = dice = Dice(number, "scenario")
        self.rich = dice.happens(0.5)
        self.enters = dice.one([0, 1, 3, 4, 4, 5, 9])
        self.follow_up = dice.one([1, 6, 12, 18, 18, 24, 24])
        self.warm = dice.one([0, 0, 1, 7, 12, 18])
        self.start = YEAR + dice.whole(24, 40)
        least = max(0, self.enters - self.warm)  # somebody must be born
        self.end = self.start + dice.whole(least, 14)
        self.months = range(self.start - self.warm, self.end + self.follow_up)
        self.regions = ["north", "south", "isle"][: dice.whole(1, 3)]
        self.recurrent = ["harm", "false-reports", "scares", "rumors", "injury"][: dice.whole(2, 5)]
        self.states = ["depression", "smoking"][: dice.whole(0, 2)]

    def dated(self, draw: Callable[[], object]) -> object:
        """A number, or a series that begins before, in or after the simulated months."""
        dice = self.dice
        if dice.happens(0.6):
            return draw()
        dates = dice.some(range(self.months.start - 3, self.months.stop + 2), 1, 4)
        return {format_month(date): draw() for date in sorted(dates)}

    def scenario(self) -> Tree:
        dice = self.dice
        outcomes = {name: self.outcome(name) for name in (*self.recurrent, *self.states)}
        chains = self.chains()
        with_risk = dice.one([dice.real(-1, 1), 1])
        rest = math.sqrt(1 - with_risk**2)
        return {
            "title": "At random",
            "place": "nowhere",
            "start": format_month(self.start),
            "end": format_month(self.end),
            "follow_up": f"{self.follow_up} months",
            "fiscal_year_starts": dice.whole(1, 12),
            "price_year": 2024,
            "warm_start": {"months": self.warm},
            "population": {
                "births_per_year": 500,
                "enters_before_birth": self.enters,
                "associations": "us-births-2022",
                "regions": {
                    name: {"share_of_births": share}
                    for name, share in dice.parts(self.regions).items()
                },
                "margins": {name: dice.parts(levels) for name, levels in ATTRIBUTES.items()},
            },
            "frailty": {"willingness_with_frailty": dice.real(-1, 1)},
            "screening": {
                "of": dice.one(list(outcomes)),
                "flagged": self.dated(dice.share),
                "correlation_with_risk": with_risk,
                "correlation_with_detection": round(0.99 * dice.real(-rest, rest), 4),
                "risk_mean": dice.real(-1, 1),
                "risk_sd": dice.real(0.2, 2),
                "risk_group_cuts": [-0.5, 0.7],
            },
            "outcomes": outcomes,
            "chains": chains,
            **self.organizations(list(outcomes), list(chains)),
        }

    def outcome(self, name: str) -> Tree:
        dice = self.dice
        most = dice.one([0.02, 0.2, 0.6])
        outcome: Tree = {
            "label": name,
            "unit": "cases",
            "kind": "state" if name in self.states else "recurrent",
            "per_month": dice.by_stage(most, -self.enters),
            "trend": self.dated(lambda: dice.real(0, 2)),
            "shared_frailty_sd": dice.one([0, 0.5, 1]),
            "own_frailty_sd": dice.one([0, 0.4]),
            "log_hazard_ratios": dice.coefficients(traits=False),
        }
        if name in self.states:
            outcome["exit_per_month"] = dice.by_stage(most, -self.enters)
            outcome["present_at_entry"] = dice.share()
        return outcome

    def chains(self) -> Tree:
        dice = self.dice
        pairs = zip(self.recurrent[::2], self.recurrent[1::2], strict=False)
        names = ["agency", "school"][: dice.whole(0, 2)]
        chains: Tree = {}
        for name, (true, false) in zip(names, pairs, strict=False):
            stages: Tree = {}
            for stage in ("opened", "proven", "acted-on", "appealed")[: dice.whole(0, 4)]:
                stages[f"{name}-{stage}"] = {
                    "label": stage,
                    "unit": "cases",
                    "follows": dice.one(["reported", *stages]),
                    "if_true": dice.share(),
                    "if_false": dice.share(),
                }
            chains[name] = {
                "label": name,
                "true_events": true,
                "false_events": false,
                "detected": dice.share(),
                "detection_spread": dice.one([0, 0.7]),
                "after_first_report": dice.one([0, 0.5, 1, 2.5]),
                "stages": stages,
            }
        return chains

    def organizations(self, outcomes: Sequence[str], chains: Sequence[str]) -> Tree:
        """Programs, and for each of them doors, providers and money."""
        dice = self.dice
        names = dice.some(["light", "nurses", "parents", "groups"], 2 if self.rich else 1, 3)
        tracks = dict(zip(names, dice.some(["first", "second", "third"], 3), strict=False))
        if dice.happens(0.5):  # two in one track
            tracks[names[-1]] = tracks[names[0]]
        doors = dice.some(["hospital", "clinic", "pantry", "temple"], 1, 3)
        tree = {
            "doors": {name: self.door(names) for name in doors},
            "programs": {name: self.program(name, tracks, outcomes, chains) for name in names},
            "providers": {
                name: {
                    "program": program,
                    "regions": dice.some(self.regions, dice.one([1, 3])),
                    "share": dice.real(0.05, 1),
                }
                for program in names
                for name in dice.some([f"{program}-a", f"{program}-b", f"{program}-c"], 1, 2)
            },
            "funding": {
                name: self.stream(names) for name in dice.some(["county", "state", "gift"], 1, 3)
            },
        }
        self.connect(tree)
        return tree

    def changed(self, tree: Tree) -> Tree:
        """The organizations as they may have been before: fewer programs, other terms."""
        dice = self.dice
        tree = json.loads(json.dumps({name: tree[name] for name in ORGANIZATIONS}))
        programs = tree["programs"]
        for name in dice.some(list(programs), 0, len(programs) - 1):
            if dice.happens(0.5):
                del programs[name]
            else:
                programs[name] |= {"offer_to": dice.one(OFFERS), "eligible": {}}
        tracks = {program["track"] for program in programs.values()}
        for program in programs.values():
            program["gives_way_to"] = [t for t in program["gives_way_to"] if t in tracks]
        for door in tree["doors"].values():
            door["offers"] = [name for name in door["offers"] if name in programs]
        for name in dice.some(list(tree["doors"])):
            tree["doors"][name] = self.door(list(programs))
        tree["providers"] = {
            name: provider | {"share": dice.real(0.1, 1)}
            for name, provider in tree["providers"].items()
            if provider["program"] in programs and dice.happens(0.8)
        }
        tree["funding"] = {name: self.stream(list(programs)) for name in tree["funding"]}
        self.connect(tree)
        return tree

    def connect(self, tree: Tree) -> None:
        """See to it that what is offered has a door, money and a provider."""
        dice = self.dice
        doors, providers, funding = (tree[name] for name in ("doors", "providers", "funding"))
        for name, program in tree["programs"].items():
            if program["offer_to"] == "nobody":
                continue
            if not any(name in door["offers"] for door in doors.values()):
                dice.one(list(doors.values()))["offers"].append(name)
            if not any(name in stream["pays_for"] for stream in funding.values()):
                stream = dice.one(list(funding.values()))
                stream["pays_for"].append(name)
                stream.pop("split", None)
            if not any(name == provider["program"] for provider in providers.values()):
                providers[f"{name}-a"] = {"program": name, "regions": self.regions, "share": 1}

    def door(self, programs: list[str]) -> Tree:
        dice = self.dice
        door: Tree = {
            "label": "a door",
            "kind": "birth",
            "share_of_births": self.dated(lambda: 1 if self.rich else dice.share(0.3, 1)),
            "share_log_odds": dice.coefficients(),
            "consents": self.dated(dice.share),
            "consents_log_odds": dice.coefficients(),
            "offers": dice.some(programs, len(programs) if self.rich else 0),
        }
        if self.enters > 0 and dice.happens(0.5):
            door["kind"] = "prenatal"
            door["contact_age"] = {
                level: dice.whole(-self.enters, -1) for level in dice.some(CARE, 2)
            }
        return door

    def program(
        self,
        name: str,
        tracks: Mapping[str, str],
        outcomes: Sequence[str],
        chains: Sequence[str],
    ) -> Tree:
        dice = self.dice
        caseload = dice.one([8, 20, 40] if self.rich else [1, 3, 8])
        levels = self.levels(caseload)
        first, last = levels[0]["from_age"], levels[-1]["until_age"]
        eligible: Tree = {}
        if dice.happens(0.05 if self.rich else 0.3):
            for attribute in dice.some(OPEN_ATTRIBUTES, 1, 2):
                eligible[attribute] = dice.some(ATTRIBUTES[attribute], 1)
        if dice.happens(0.05 if self.rich else 0.2):
            eligible["region"] = dice.some(self.regions)
        # Certain visits and ratios that mirror one another make ties between programs.
        certain = dice.happens(0.3)
        others = sorted(set(tracks.values()) - {tracks[name]})
        return {
            "label": name,
            "track": tracks[name],
            "offer_to": dice.one(OFFERS[:4] if self.rich else OFFERS),
            "eligible": eligible,
            "enroll_until_age": dice.one([last - 1, dice.whole(first, last - 1)]),
            "levels": levels,
            "caseload": caseload,
            "priority": dice.one(["first-come", "highest-score"]),
            "accepts": dice.share(0.8 if self.rich else 0.3, 1),
            "accepts_log_odds": dice.coefficients(),
            "wait_expires": dice.one([3, 6, 100] if self.rich else [0, 1, 3, 6]),
            "gives_up_per_month": 0.05 if self.rich else dice.share(),
            "visits_completed": 1 if certain else dice.share(0.3, 1),
            "visits_completed_log_odds": dice.coefficients(),
            "leaves_per_month": dice.by_stage(dice.one([0.01, 0.2]), 0),
            "leaves_log_hazard": dice.coefficients(),
            "visitor_left_hazard_ratio": dice.one([0.5, 1, 3, 50]),
            "visitor_left_months": dice.whole(0, 4),
            "hold_months": dice.whole(0, 4),
            "gives_way_to": dice.some(others) if dice.happens(0.6) else [],
            "dose_shape": dice.one([0.5, 1, 1, 2]),
            "fade_half_life": dice.one([None, "0.5 months", "1 months", "12 months"]),
            "fade_step": dice.one([1, 2, 3, 12]),
            "staff": {
                "role": "visitor",
                "cost_per_visitor": f"{dice.one([12000, 60000, 99999.99])} USD",
                "cost_per_hire": f"{dice.one([0, 900, 20000])} USD",
                "hiring_months": dice.whole(0, 4),
                "ramp_months": dice.one([0, 1, 2, 3, 7]),
                "turnover_per_year": dice.share(0.1, 0.9),
            },
            "effects": {
                outcome: self.effect(outcome, certain=certain) for outcome in dice.some(outcomes)
            },
            "surveillance": {
                chain: {
                    "detection_odds_ratio": dice.one([0.5, 1, 2, 9]),
                    "false_report_rate_ratio": dice.one([0.5, 1, 2]),
                }
                for chain in dice.some(chains)
            },
        }

    def levels(self, caseload: int) -> list[Tree]:
        """One to three stretches, which may well reach beyond follow-up."""
        dice = self.dice
        levels: list[Tree] = []
        age = -self.enters if self.rich else dice.whole(-self.enters, 2)
        for _ in range(dice.whole(2 if self.rich else 1, 3)):
            levels.append(
                {
                    "from_age": age,
                    "until_age": age + dice.whole(3 if self.rich else 1, 12),
                    "visits": dice.one([0, 1, 5, 14, 30]),
                    "load": dice.whole(1, min(3, caseload)),
                }
            )
            age = levels[-1]["until_age"]
        return levels

    def effect(self, outcome: str, *, certain: bool) -> Tree:
        dice = self.dice
        ratios = [0.5, 2] if certain else [0.3, 0.5, 0.9, 1, 1.3, 2]
        effect: Tree = {
            "hazard_ratio": dice.one(ratios),
            "mean_dose": 1 if certain else dice.one([1, 0.5, 0.3]),
        }
        if outcome in self.states and dice.happens(0.7):
            effect["exit_hazard_ratio"] = dice.one(ratios)
        return effect

    def stream(self, programs: list[str]) -> Tree:
        dice = self.dice
        begin, end = self.months.start - 1, self.months.stop
        if dice.happens(0.2 if self.rich else 0.6):
            begin = dice.whole(self.months.start - 14, self.months.stop)
            end = begin + dice.one([0, 5, 12, 30, 60])
        pays_for = dice.some(programs, len(programs) if self.rich else 1)
        amounts = [900000, 2000000, 6000000] if self.rich else [0, 90000.01, 400000, 2000000]
        stream: Tree = {
            "from": format_month(begin),
            "to": format_month(end),
            "per_year": self.dated(lambda: f"{dice.one(amounts)} USD"),
            "pays_for": pays_for,
        }
        if dice.happens(0.4):
            stream["split"] = dice.parts(pays_for)
        return stream


def generated(number: int, folder: Path) -> Scenario:
    """The scenario of a number, written to a folder and loaded from there."""
    writer = Writer(number)
    dice, tree = writer.dice, writer.scenario()
    if dice.happens(0.6):
        if dice.happens(0.5):
            earlier = writer.changed(tree)
        else:
            earlier = writer.organizations(list(tree["outcomes"]), list(tree["chains"]))
        screening = tree["screening"] | {"flagged": dice.share()}
        write(folder / "before.yaml", tree | earlier | {"screening": screening})
        tree["warm_start"]["under"] = "before.yaml"
    write(folder / "scenario.yaml", tree)
    return load_scenario(folder / "scenario.yaml")


def write(file: Path, tree: Tree) -> None:
    """Write a scenario file: what is JSON is also YAML."""
    file.write_text(json.dumps(tree, indent=1), encoding="utf-8")


def families(number: int, scenario: Scenario, most: int = 150) -> Families:
    """Families of any kind, born in the scenario's months, in any order."""
    dice = Dice(number, "families")
    rng, n = dice.rng, dice.whole(most // 3, most)
    first = scenario.start - int(scenario.warm_start.months.value)
    first += int(scenario.population.enters_before_birth.value)
    ids = rng.permutation(rng.integers(1, 2**63, n).astype(np.uint64)) * np.uint64(2)
    assert len(np.unique(ids)) == n
    levels = [rng.integers(len(levels), size=n) for levels in ATTRIBUTES.values()]
    return Families(
        id=ids,
        mother=ids.copy(),
        region=rng.integers(len(scenario.population.regions), size=n).astype(np.int16),
        birth_month=rng.integers(first, scenario.end + 1, size=n).astype(np.int32),
        levels=np.array(levels, dtype=np.int8).T.copy(),
        frailty=rng.normal(size=n),
        detection=rng.normal(size=n),
        willingness_noise=rng.normal(size=n),
        screen_noise=rng.normal(size=n),
    )
