"""Organizations at random: doors, hubs, programs, providers, labor and money."""

from __future__ import annotations

import json
from collections.abc import Mapping

from agreement.frame import Frame, Tree
from hvsim.months import format_month
from hvsim.scenario.vocabulary import ATTRIBUTES

ORGANIZATIONS = ("doors", "hubs", "programs", "providers", "labor", "funding")
CARE = ATTRIBUTES["prenatal-care"]
OFFERS = ("everyone", "everyone", "everyone", {"screened": "high"}, {"screened": "low"}, "nobody")
CATEGORIES = ["salaries", "hires", "supervision"]


class Organizer:
    """Writes the organizations of a scenario and of the one before it.

    Both take the names of their organizations from the same few, so that some are known to both,
    on other terms, and some to one alone.
    """

    def __init__(self, frame: Frame, outcomes: Tree, chains: Tree) -> None:
        self.frame, self.outcomes, self.chains = frame, outcomes, chains
        self.dice, self.rich = frame.dice, frame.rich
        self.kinds: dict[str, str] = {}
        """Kinds of doors that refer: under both policies the same."""
        self.open = [name for name in frame.attributes if name != "race-ethnicity"]

    def organizations(self) -> Tree:
        """Programs, and for each of them doors, providers and money."""
        dice = self.dice
        names = dice.some(["light", "nurses", "parents", "groups"], 2 if self.rich else 1, 3)
        tracks = dict(zip(names, dice.some(["first", "second", "third"], 3), strict=False))
        if dice.happens(0.5):  # two in one track
            tracks[names[-1]] = tracks[names[0]]
        hubs = dice.some(["intake", "desk"], 0, 2) if dice.happens(0.5) else []
        pools = dice.some(["nurses", "aides"], 1, 2) if dice.happens(0.5) else []
        doors = dice.some(["hospital", "clinic", "pantry", "temple", "office"], 1, 4)
        tree = {
            "doors": {name: self.door(name, names, hubs) for name in doors},
            "hubs": {name: self.hub() for name in hubs},
            "programs": {name: self.program(name, tracks) for name in names},
            "providers": {
                name: self.provider(program, pools)
                for program in names
                for name in dice.some([f"{program}-a", f"{program}-b", f"{program}-c"], 1, 2)
            },
            "labor": {name: self.pool() for name in pools},
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
        hubs = list(tree["hubs"])
        for name, door in tree["doors"].items():
            door["offers"] = [name for name in door["offers"] if name in programs]
            gone = door["kind"] == "program" and door["after"] not in programs
            if gone or dice.happens(0.4):
                tree["doors"][name] = self.door(name, list(programs), hubs)
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
            paying = [stream for stream in funding.values() if name in stream["pays_for"]]
            salaries = [s["match"] for s in paying if "salaries" in s["pays"]]
            if sum(salaries) < 1:  # nobody could ever be paid
                stream = paying[0] if paying else dice.one(list(funding.values()))
                stream |= {"match": 1, "pays": CATEGORIES}
                if name not in stream["pays_for"]:
                    stream["pays_for"].append(name)
                    stream.pop("split", None)
            if program["offer_to"] == "nobody":
                continue
            if not any(name in door["offers"] for door in doors.values()):
                dice.one(list(doors.values()))["offers"].append(name)
            if not any(name == provider["program"] for provider in providers.values()):
                regions = self.frame.regions
                providers[f"{name}-a"] = {"program": name, "regions": regions, "share": 1}

    def door(self, name: str, programs: list[str], hubs: list[str]) -> Tree:
        dice, frame = self.dice, self.frame
        door: Tree = {
            "label": "a door",
            "kind": "birth",
            "consents": frame.dated(dice.share),
            "consents_log_odds": dice.coefficients(),
            "offers": dice.some(programs, len(programs) if self.rich else 0),
            "acceptance_odds_ratio": dice.one([1, 1, 0.5, 3]),
            "leaving_hazard_ratio": dice.one([1, 1, 0.5, 3]),
        }
        if hubs and dice.happens(0.6):
            door["hub"] = dice.one(hubs)
        kinds = ["birth", "birth", "community", "program"]
        kinds += ["prenatal"] * (frame.enters > 0) + ["agency"] * 2 * bool(self.chains)
        if name in self.kinds:
            refer = self.kinds[name] in ("agency", "program")
            kinds = [k for k in kinds if (k in ("agency", "program")) == refer]
            kinds = [self.kinds[name]] if refer else kinds
        door["kind"] = self.kinds[name] = dice.one(kinds)
        if door["kind"] in ("agency", "program"):
            door["refers"] = frame.dated(dice.share)
            door["refers_log_odds"] = dice.coefficients()
        else:
            share = frame.dated(lambda: 1 if self.rich else dice.share(0.3, 1))
            door |= {"share_of_births": share, "share_log_odds": dice.coefficients()}
        if door["kind"] == "prenatal":
            door["contact_age"] = {
                level: dice.whole(-frame.enters, -1) for level in dice.some(CARE, 2)
            }
        elif door["kind"] == "community":
            door["contacts_per_month"] = dice.by_stage(dice.one([0.05, 0.5]), -frame.enters)
        elif door["kind"] == "program":
            door |= {"after": dice.one(programs), "after_visits": dice.whole(1, 4)}
        elif door["kind"] == "agency":
            chain = dice.one(list(self.chains))
            stage = dice.one(["reported", *self.chains[chain]["stages"]])
            door |= {"chain": chain, "after": stage}
            states = [name for name, outcome in self.outcomes.items() if outcome["kind"] == "state"]
            if states and dice.happens(0.6):
                door["closure"] = {"of": dice.one(states), "leaves": dice.share()}
        return door

    def hub(self) -> Tree:
        dice = self.dice
        return {
            "label": "a hub",
            "months": dice.whole(0, 3),
            "families_per_month": self.frame.dated(lambda: dice.one([1, 2.5, 6, 100])),
            "reaches": dice.share(),
            "reaches_log_odds": dice.coefficients(),
            "match": dice.one(["listed", "most-room", "most-room"]),
        }

    def pool(self) -> Tree:
        dice = self.dice
        return {
            "available": dice.one([0, 1, 5, 50]),
            "entrants_per_year": self.frame.dated(lambda: dice.one([0, 2, 7.5, 40])),
            "returns": dice.share(),
            "poached_per_month": dice.share(),
        }

    def provider(self, program: str, pools: list[str]) -> Tree:
        dice = self.dice
        provider: Tree = {
            "program": program,
            "regions": dice.some(self.frame.regions, dice.one([1, 3])),
            "share": dice.real(0.05, 1),
            "pay_ratio": dice.one([1, 1, 0.8, 1.3]),
        }
        if pools and dice.happens(0.8):
            provider["pool"] = dice.one(pools)
        if dice.happens(0.4):
            attribute = dice.one(self.open)
            provider["speaks"] = {
                level: dice.share(0.1, 1) for level in self.frame.attributes[attribute]
            }
        return provider

    def program(self, name: str, tracks: Mapping[str, str]) -> Tree:
        dice = self.dice
        caseload = dice.one([8, 20, 40] if self.rich else [1, 3, 8])
        own_time = dice.happens(0.25)
        levels = self.levels(caseload, own_time=own_time)
        # Certain visits and ratios that mirror one another make ties between programs.
        certain = dice.happens(0.3)
        others = sorted(set(tracks.values()) - {tracks[name]})
        program: Tree = {
            "label": name,
            "track": tracks[name],
            "offer_to": dice.one(OFFERS[:4] if self.rich else OFFERS),
            "eligible": self.eligible(0.05 if self.rich else 0.25),
            **self.window(levels, own_time=own_time),
            "levels_from": "enrollment" if own_time else "birth",
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
            "staff": self.staff(),
            "effects": {
                outcome: effect
                for outcome in dice.some(list(self.outcomes))
                if (effect := self.effect(outcome, certain=certain)) is not None
            },
            "surveillance": {
                chain: {
                    "detection_odds_ratio": dice.one([0.5, 1, 2, 9]),
                    "false_report_rate_ratio": dice.one([0.5, 1, 2]),
                }
                for chain in dice.some(list(self.chains))
            },
        }
        if dice.happens(0.5):
            program["returns_after"] = dice.one([0, 1, 3, 9])
        if dice.happens(0.5):
            program["mismatch"] = {
                "visits_odds_ratio": dice.one([0.2, 1, 2]),
                "leaving_hazard_ratio": dice.one([0.5, 1, 8]),
            }
        return program

    def eligible(self, often: float) -> Tree:
        """Who may come: by attributes and by region."""
        dice = self.dice
        eligible: Tree = {}
        if dice.happens(often):
            for attribute in dice.some(self.open, 1, 2):
                eligible[attribute] = dice.some(self.frame.attributes[attribute], 1)
        if dice.happens(often):
            eligible["region"] = dice.some(self.frame.regions, 1)
        return eligible

    def window(self, levels: list[Tree], *, own_time: bool) -> Tree:
        """Ages of enrollment."""
        dice, enters = self.dice, self.frame.enters
        first, last = levels[0]["from_age"], levels[-1]["until_age"]
        if own_time:
            first, last = -enters, dice.whole(1, 20)
        window: Tree = {"enroll_until_age": dice.one([last - 1, dice.whole(first, last - 1)])}
        if dice.happens(0.3):
            window["enroll_from_age"] = dice.whole(-enters, window["enroll_until_age"])
        return window

    def levels(self, caseload: int, *, own_time: bool) -> list[Tree]:
        """One to three stretches, which may well reach beyond follow-up."""
        dice, enters = self.dice, self.frame.enters
        levels: list[Tree] = []
        age = -enters if self.rich else dice.whole(-enters, 2)
        if own_time:
            age = 0
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

    def staff(self) -> Tree:
        dice = self.dice
        staff: Tree = {
            "role": "visitor",
            "cost_per_visitor": f"{dice.one([12000, 60000, 99999.99])} USD",
            "cost_per_hire": f"{dice.one([0, 900, 20000])} USD",
            "hiring_months": dice.whole(0, 4),
            "ramp_months": dice.one([0, 1, 2, 3, 7]),
            "turnover_per_year": dice.share(0.1, 0.9),
            "training_every": dice.one([1, 1, 2, 3, 5, 12]),
        }
        if dice.happens(0.4):
            staff["visitors_per_supervisor"] = dice.one([1, 2, 5])
            staff["cost_per_supervisor"] = f"{dice.one([0, 5000, 70000.01])} USD"
        return staff

    def effect(self, outcome: str, *, certain: bool) -> Tree | None:
        """An effect of the kind that the outcome can have."""
        dice = self.dice
        ratios = [0.5, 2] if certain else [0.3, 0.5, 0.9, 1, 1.3, 2]
        effect: Tree = {"mean_dose": 1 if certain else dice.one([1, 0.5, 0.3])}
        ratio = dice.one(ratios)
        if self.outcomes[outcome]["kind"] == "status":
            return effect | {"odds_ratio": ratio}
        if "begins_with" in self.outcomes[outcome]:
            return effect | {"exit_hazard_ratio": ratio}
        effect["hazard_ratio"] = ratio
        if self.outcomes[outcome]["kind"] == "state" and dice.happens(0.7):
            effect["exit_hazard_ratio"] = dice.one(ratios)
        return effect

    def stream(self, programs: list[str]) -> Tree:
        dice, months = self.dice, self.frame.months
        begin, end = months.start - 1, months.stop
        if dice.happens(0.2 if self.rich else 0.6):
            begin = dice.whole(months.start - 14, months.stop)
            end = begin + dice.one([0, 5, 12, 30, 60])
        pays_for = dice.some(programs, len(programs) if self.rich else 1)
        amounts = [900000, 2000000, 6000000] if self.rich else [0, 90000.01, 400000, 2000000]
        stream: Tree = {
            "from": format_month(begin),
            "to": format_month(end),
            "per_year": self.frame.dated(lambda: f"{dice.one(amounts)} USD"),
            "pays_for": pays_for,
            "pays": dice.one([CATEGORIES, CATEGORIES, ["salaries"], dice.some(CATEGORIES, 1)]),
            "match": dice.one([1, 1, 0.5, 0.9]),
            "families": self.eligible(0.25),
            "intake_closes": min(dice.one([0, 0, 2, 6]), end - begin + 1),
            "at_end": dice.one(["hold", "stop"]),
        }
        if dice.happens(0.4):
            stream["split"] = dice.parts(pays_for)
        return stream
