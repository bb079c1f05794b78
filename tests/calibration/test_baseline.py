"""The packaged baseline is the solution of its specification, and meets its targets."""

import copy
import math
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from hvsim.calibration.baseline import (
    Solution,
    alternative,
    differing,
    margins,
    read_spec,
    solve,
)
from hvsim.calibration.leaves import Tree
from hvsim.population import Families
from hvsim.population.synthesis import reference_births
from hvsim.randomness import normal, purpose, uniform
from hvsim.scenario import load_scenario
from scripts import loaded

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "calibration" / "la-county"
TEMPLATES = ROOT / "src/hvsim/scenario/templates"
ALTERNATIVES = ("gaps-in-harm", "recurrence-by-frailty", "recurrence-by-reports")


@pytest.fixture(scope="module")
def spec() -> Tree:
    return read_spec(FOLDER / "baseline.yaml")


@pytest.fixture(scope="module")
def solution(spec: Tree) -> Solution:
    return solve(spec)


@pytest.fixture(scope="module")
def gaps_in_harm(spec: Tree) -> Solution:
    return solve(alternative(spec, "gaps-in-harm"))


@pytest.fixture(scope="module")
def packaged() -> Tree:
    return template("california")


def template(name: str) -> Tree:
    content: Tree = YAML(typ="safe").load((TEMPLATES / f"{name}.yaml").read_text("utf-8"))
    return content


def merged(tree: Tree, changes: Tree) -> Tree:
    """A fragment under an alternative: what that says in place of the same, all else as it was."""
    inner = {
        name: merged(tree[name], part)
        if isinstance(part, dict) and "value" not in part and name != "log_hazard_ratios"
        else part
        for name, part in changes.items()
    }
    return {**tree, **inner}


def script() -> ModuleType:
    return loaded(FOLDER / "baseline.py")


def leaves(tree: Any, path: str = "") -> dict[str, Any]:
    if isinstance(tree, dict):
        parts = [leaves(value, f"{path}.{key}") for key, value in tree.items()]
        return {key: value for part in parts for key, value in part.items()}
    return {path: tree}


def test_the_packaged_fragment_is_the_solution(solution: Solution, packaged: Tree) -> None:
    assert_nearly_equal(solution.fragment, packaged)


def test_the_packaged_alternative_is_what_its_solution_changes(
    solution: Solution, gaps_in_harm: Solution
) -> None:
    kept = template("gaps-in-harm")
    assert_nearly_equal(differing(gaps_in_harm.fragment, solution.fragment), kept)
    assert_nearly_equal(gaps_in_harm.fragment, merged(solution.fragment, kept))


@pytest.mark.parametrize("name", ALTERNATIVES[1:])
def test_recurrence_by_either_is_the_solution_at_an_end_of_frailty(
    spec: Tree, solution: Solution, name: str
) -> None:
    found = solve(alternative(spec, name))
    kept = template(name)
    assert_nearly_equal(differing(found.fragment, solution.fragment), kept)
    assert_nearly_equal(found.fragment, merged(solution.fragment, kept))


def test_every_alternative_is_packaged(spec: Tree) -> None:
    assert tuple(spec["alternatives"]) == ALTERNATIVES


def test_an_alternative_moves_the_gap_by_payer_and_keeps_its_size(
    solution: Solution, gaps_in_harm: Solution
) -> None:
    """Without that, two runs would bound nothing: they would differ in the gap itself."""
    ratios = []
    for figures in (solution.figures, gaps_in_harm.figures):
        risk = figures["risk of a first-year report"]
        ratios.append(risk["medicaid"] / risk["private-insurance"])
    assert ratios[1] == pytest.approx(ratios[0], rel=0.01)
    harm, false = (gaps_in_harm.fragment["outcomes"][name] for name in ("harm", "false-report"))
    assert "medicaid" in harm["log_hazard_ratios"]
    assert "medicaid" not in false["log_hazard_ratios"]


def test_a_scenario_can_take_an_alternative(tmp_path: Path) -> None:
    place = ROOT / "scenarios" / "la-county" / "no-service.yaml"
    file = tmp_path / "bound.yaml"
    file.write_text(f"title: Bound\nextends: [{place}, hvsim:gaps-in-harm]\n", "utf-8")
    before, after = load_scenario(place), load_scenario(file)
    assert "medicaid" in before.outcomes["false-report"].log_hazard_ratios
    assert "medicaid" not in after.outcomes["false-report"].log_hazard_ratios
    assert after.outcomes["harm"].log_hazard_ratios["medicaid"].value == 0.6931
    assert after.outcomes["ed-visit"] == before.outcomes["ed-visit"]


def assert_nearly_equal(solved: Tree, written: Tree) -> None:
    made, kept = leaves(solved), leaves(written)
    assert made.keys() == kept.keys()
    for path, value in made.items():
        if isinstance(value, float):
            # Four digits are written; another machine's last bits may round the fourth otherwise.
            assert kept[path] == pytest.approx(value, rel=2e-3, abs=2e-4), path
        else:
            assert kept[path] == value, path


def test_the_script_writes_what_it_solves(solution: Solution) -> None:
    text = script().written(solution.fragment)
    assert YAML(typ="safe").load(text) == solution.fragment


@pytest.mark.parametrize("name", ["california", *ALTERNATIVES])
def test_every_number_has_a_source(name: str) -> None:
    def numbers(tree: Any, path: str = "") -> None:
        if not isinstance(tree, dict):
            plain = isinstance(tree, str) or path.endswith("risk_group_cuts")
            assert plain, f"{path} has no source"
        elif "value" in tree:
            assert tree.keys() & {"evidence", "assumption", "note"}, f"{path} has no source"
            assumed = "assumption" in tree and "evidence" not in tree and "solved" not in str(tree)
            ends = {"low", "high"} <= tree.keys() or "remainder" in tree.get("assumption", "")
            assert not assumed or ends, f"{path} is assumed without a range"
        else:
            for key, value in tree.items():
                numbers(value, f"{path}.{key}")

    numbers(template(name))


def test_the_crude_ratios_are_met(spec: Tree, solution: Solution) -> None:
    found = solution.figures["marginal ratio of a first-year report"]
    for name, ratio in spec["targets"]["reports"]["crude_ratios"].items():
        assert found[name] == pytest.approx(ratio["value"], rel=1e-3)


@pytest.fixture(scope="module")
def people(spec: Tree, packaged: Tree) -> Families:
    reference, name = spec["reference"], packaged["population"]["associations"]
    return reference_births(
        margins(packaged), name, reference["families"], reference["year"], reference["seed"]
    )


def _share(value: Any) -> float:
    return float(value.rstrip("%")) / 100 if isinstance(value, str) else float(value)


def _at(steps: Any, age: int) -> float:
    """Value at an age: that of the last step at or before it, or the only one."""
    if not isinstance(steps, dict):
        return _share(steps)
    return _share(steps[max(start for start in steps if start <= age)])


def _multiplier(outcome: Tree, people: Families, own: np.ndarray) -> np.ndarray:
    s, w = (outcome[f"{kind}_frailty_sd"]["value"] for kind in ("shared", "own"))
    log = s * people.frailty - s * s / 2 + w * own - w * w / 2
    for level, leaf in outcome["log_hazard_ratios"].items():
        log = log + leaf["value"] * people.has(level)
    return np.asarray(np.exp(log))


def _draws(kind: str, name: str, people: Families, seed: int) -> np.ndarray:
    number = np.uint64(purpose(kind, name))
    return np.array([normal(np.uint64(seed), key, number, 0) for key in people.id])


@pytest.mark.parametrize("changes", [{}, *map(template, ALTERNATIVES)], ids=["", *ALTERNATIVES])
def test_a_plain_simulation_of_the_fragment_meets_the_targets(
    packaged: Tree, people: Families, changes: Tree
) -> None:
    """Families live month by month under docs/model.md section 5.7; errors of 4.5 sd.

    Nine tests at 1e-5: error rate below 0.01%, plus up to 2% of the target for the sampling
    of frailties in 50,000 reference families.
    """
    rng = np.random.default_rng(5)
    packaged = merged(packaged, changes)
    chain = packaged["chains"]["child-protection"]
    n = len(people)
    rates = {}
    for name in ("harm", "false-report"):
        outcome = packaged["outcomes"][name]
        steps = outcome["per_month"]["value"]
        m = _multiplier(outcome, people, _draws("frailty", name, people, 2017))
        rates[name] = (m, steps)
    base = _share(chain["detected"]["value"])
    logit = math.log(base / (1 - base)) + chain["detection_spread"]["value"] * people.detection
    detected = 1 / (1 + np.exp(-logit))
    factor = chain["after_first_report"]["value"]
    stages = chain["stages"]
    first = np.full(n, 999)
    second = np.full(n, 999)
    reached_at = {stage: np.full(n, 999) for stage in stages}
    placed_first = np.zeros(n, dtype=bool)
    for age in range(216):
        level = [_at(steps, age) for _, steps in rates.values()]
        raised = np.where(first < age, factor, 1.0)
        harms = rng.poisson(rates["harm"][0] * level[0])
        true = rng.binomial(harms, np.minimum(1, raised * detected))
        false = rng.poisson(raised * rates["false-report"][0] * level[1])
        reported = true + false > 0
        second[reported & (first < age) & (second == 999)] = age
        newly = reported & (first == 999)
        first[newly] = age
        left = {"reported": (true, false)}
        for name, stage in stages.items():
            left[name] = tuple(
                rng.binomial(count, _at(stage[origin]["value"], age))
                for count, origin in zip(
                    left[stage["follows"]], ("if_true", "if_false"), strict=True
                )
            )
            here = sum(left[name]) > 0
            reached_at[name][here & (reached_at[name] == 999)] = age
        placed_first |= newly & (sum(left["placed"]) > 0)
    infants = first < 12

    def close(found: float, target: float, of: int) -> bool:
        error = 4.5 * math.sqrt(target * (1 - target) / of)
        return abs(found - target) < error + 0.02 * target

    assert close(float(infants.mean()), 0.052, n)
    assert close(float((first < 60).mean()), 0.14, n)
    assert close(float((first[infants] == 0).mean()), 0.33, int(infants.sum()))
    assert close(float((reached_at["substantiated"] < 60).mean()), 0.052, n)
    assert close(float((reached_at["placed"] < 60).mean()), 0.021, n)
    assert close(float((reached_at["investigated"] < 216).mean()), 0.263, n)
    assert close(float((reached_at["substantiated"] < 216).mean()), 0.105, n)
    again = second[infants] - first[infants] <= 60
    assert close(float(again.mean()), 0.607, int(infants.sum()))
    # A month may bring several first reports, each of which may lead to placement.
    assert close(float(placed_first[infants].mean()), 0.188, int(infants.sum()))


def test_depression_is_as_prevalent_as_published(packaged: Tree, people: Families) -> None:
    """Mothers live month by month; 4.5 sd, and 2% for the sampling of frailties."""
    outcome = packaged["outcomes"]["maternal-depression"]
    m = _multiplier(outcome, people, _draws("frailty", "maternal-depression", people, 2017))
    steps = outcome["per_month"]["value"]
    number = np.uint64(purpose("entry", "maternal-depression"))
    entry = np.array([uniform(np.uint64(2017), key, number, 0) for key in people.id])
    state = entry < 1 - (1 - outcome["present_at_entry"]["value"]) ** m
    ever = state.copy()
    rng = np.random.default_rng(6)
    leave = -math.expm1(-outcome["exit_per_month"]["value"])
    for age in range(-5, 4):
        onset = -np.expm1(-m * steps[max(start for start in steps if start <= age)])
        draw = rng.random(len(m))
        state = np.where(state, draw >= leave, draw < onset)
        ever |= state
    for found, target in ((state.mean(), 0.132), (ever.mean(), 0.20)):
        error = 4.5 * math.sqrt(target * (1 - target) / len(m))
        assert abs(found - target) < error + 0.02 * target


def test_emergency_visits_average_to_the_published_rate(packaged: Tree, people: Families) -> None:
    outcome = packaged["outcomes"]["ed-visit"]
    steps = outcome["per_month"]["value"]
    yearly = 12 * float(np.mean([steps[age] for age in (0, 12, 24, 36, 48)]))
    linear = _multiplier(
        {**outcome, "shared_frailty_sd": {"value": 0}, "own_frailty_sd": {"value": 0}},
        people,
        np.zeros(len(people)),
    )
    assert yearly * linear.mean() == pytest.approx(0.5503, rel=1e-3)


def test_no_other_family_moves_a_hazard(packaged: Tree, people: Families, spec: Tree) -> None:
    """More families, and poorer ones, leave every multiplier of the same family as it was."""
    outcome = packaged["outcomes"]["harm"]
    shares = margins(packaged)
    shares["paternity"] = {"paternity-established": 0.7, "no-paternity": 0.3}
    name = packaged["population"]["associations"]
    poorer = reference_births(shares, name, 60_000, 2017, spec["reference"]["seed"])
    one = _multiplier(outcome, people, np.zeros(len(people)))
    other = _multiplier(outcome, poorer, np.zeros(len(poorer)))
    where = np.searchsorted(poorer.id, people.id)
    assert np.array_equal(poorer.id[where], people.id)
    same = (poorer.levels[where] == people.levels).all(axis=1)
    assert 0.7 < same.mean() < 0.9
    assert np.array_equal(one[same], other[where][same])


def test_a_leaf_that_nothing_solves_is_named(spec: Tree) -> None:
    broken = copy.deepcopy(spec)
    broken["fragment"]["frailty"]["willingness_with_frailty"] = {"solved": True}
    with pytest.raises(ValueError, match=r"nothing solves frailty\.willingness_with_frailty"):
        solve(broken, families=2000)


def test_a_target_out_of_reach_is_refused(spec: Tree) -> None:
    broken = copy.deepcopy(spec)
    broken["targets"]["reports"]["stages"][0]["value"] = 0.139
    with pytest.raises(ValueError, match=r"0\.139 is out of reach"):
        solve(broken, families=2000)
