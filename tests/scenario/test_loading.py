"""Loading complete scenarios: inheritance, origins, overrides, the scenario before, variants."""

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hvsim.months import parse_month
from hvsim.scenario import (
    OfferRule,
    Scenario,
    ScenarioError,
    load_scenario,
    resolved_yaml,
    with_effects,
)
from hvsim.scenario.resolved import content
from hvsim.scenario.variants import EffectSet, ratios_of

HERE = Path(__file__).parent
TODAY, EXPANSION, WHOLE = (HERE / f"{name}.yaml" for name in ("today", "expansion", "whole"))


@pytest.fixture(scope="module")
def today() -> Scenario:
    return load_scenario(TODAY)


@pytest.fixture(scope="module")
def expansion() -> Scenario:
    return load_scenario(EXPANSION)


def test_the_planners_file(today: Scenario, expansion: Scenario) -> None:
    hospital = expansion.doors["birth-hospital"]
    assert hospital.share_of_births.at(parse_month("2025-07")) == 0.95
    assert hospital.consents == today.doors["birth-hospital"].consents
    assert expansion.programs["intensive"].offer_to == OfferRule("screened", "high")
    assert list(expansion.funding) == ["county", "expansion"]
    assert expansion.funding["expansion"].from_ == parse_month("2023-07")
    assert expansion.population == today.population
    assert expansion.name == "expansion"
    assert expansion.source == EXPANSION


def test_every_value_remembers_who_wrote_it(today: Scenario, expansion: Scenario) -> None:
    changed = expansion.origins["doors.birth-hospital.share_of_births"]
    kept = expansion.origins["doors.birth-hospital.consents"]
    assert (changed.layer, changed.file, changed.line) == ("expansion.yaml", EXPANSION, 4)
    assert (kept.layer, kept.file) == ("today.yaml", TODAY)
    assert expansion.origins["funding.expansion.payer"].layer == "default"
    loaded = load_scenario(TODAY, ["screening.flagged=25%"])
    assert loaded.screening.flagged.value == 0.25
    assert str(loaded.origins["screening.flagged"]) == "--set screening.flagged=25%"
    assert loaded.sha256() != today.sha256()


def test_overrides_take_whole_yaml_values_in_order() -> None:
    loaded = load_scenario(
        EXPANSION,
        [
            "funding.expansion=null",
            "doors.birth-hospital.share_of_births={2023-07: 10%, 2024-07: 0.2}",
            "programs.intensive.offer_to={screened: low}",
            "title='A = B'",
            "screening.flagged=1%",
            "screening.flagged=2%",
        ],
    )
    assert list(loaded.funding) == ["county"]
    assert loaded.doors["birth-hospital"].share_of_births.value == 0.1
    assert loaded.programs["intensive"].offer_to.level == "low"
    assert loaded.title == "A = B"
    assert loaded.screening.flagged.value == 0.02


def test_a_new_name_by_override_must_be_complete() -> None:
    complete = "funding.gift={from: 2023-07, to: 2024-06, per_year: 1 M USD, pays_for: [intensive]}"
    assert load_scenario(TODAY, [complete]).funding["gift"].per_year.value == 1e6


def test_the_scenario_before(today: Scenario, expansion: Scenario) -> None:
    assert today.before is today
    assert expansion.before.source == TODAY
    assert expansion.before.sha256() == today.sha256()
    assert load_scenario(EXPANSION, ["screening.flagged=9%"]).before.screening.flagged.value == 0.2
    assert load_scenario(EXPANSION, ["warm_start.under=null"]).before.name == "expansion"


def test_copies_and_pickles_keep_everything(expansion: Scenario) -> None:
    for copy in (expansion.model_copy(), pickle.loads(pickle.dumps(expansion))):
        assert copy == expansion
        assert copy.origins == expansion.origins
        assert copy.before == expansion.before
        assert copy.sha256() == expansion.sha256()


def test_extending_the_same_file_twice_changes_nothing(tmp_path: Path, today: Scenario) -> None:
    shutil.copy(TODAY, tmp_path)
    (tmp_path / "twice.yaml").write_text("extends: [today.yaml, today.yaml]\n")
    assert load_scenario(tmp_path / "twice.yaml").sha256() == today.sha256()


def test_later_bases_win_and_the_file_itself_last(tmp_path: Path) -> None:
    shutil.copy(TODAY, tmp_path)
    (tmp_path / "a.yaml").write_text("screening: {flagged: 10%, risk_sd: 1}\ntitle: A\n")
    (tmp_path / "b.yaml").write_text("screening: {flagged: 11%}\ntitle: B\n")
    file = tmp_path / "c.yaml"
    file.write_text("extends: [today.yaml, a.yaml, b.yaml]\ntitle: C\n")
    loaded = load_scenario(file)
    assert (loaded.title, loaded.screening.flagged.value) == ("C", 0.11)
    assert loaded.screening.risk_sd.value == 1
    assert loaded.origins["screening.risk_sd"].layer == "a.yaml"


def test_a_base_reached_twice_does_not_undo_what_was_said_over_it(tmp_path: Path) -> None:
    """Two parts extend the same base; what the first says of it holds."""
    (tmp_path / "base.yaml").write_text(f"extends: {TODAY}\ntitle: base\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text("extends: base.yaml\ntitle: a\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("extends: base.yaml\nplace: b\n", encoding="utf-8")
    (tmp_path / "both.yaml").write_text("extends: [a.yaml, b.yaml]\n", encoding="utf-8")
    both = load_scenario(tmp_path / "both.yaml")
    assert (both.title, both.place) == ("a", "b")


def test_paths_are_relative_to_the_file_that_wrote_them(tmp_path: Path) -> None:
    folder = tmp_path / "base"
    folder.mkdir()
    shutil.copy(TODAY, folder)
    (tmp_path / "plan.yaml").write_text("extends: base/today.yaml\n")
    loaded = load_scenario(tmp_path / "plan.yaml")
    assert loaded.warm_start.under == folder / "today.yaml"
    assert "  under: base/today.yaml  # base/today.yaml\n" in resolved_yaml(loaded)


def test_before_must_be_of_the_same_place(tmp_path: Path) -> None:
    shutil.copy(TODAY, tmp_path)
    (tmp_path / "plan.yaml").write_text(
        "extends: today.yaml\npopulation:\n  regions: {south: null, east: {share_of_births: 40%}}\n"
        "programs: {intensive: {eligible: {}}}\n"
        "providers: {north-nurses: {regions: [north]}, county-team: {regions: [east]}}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "plan.yaml")
    assert str(caught.value).endswith(
        "warm_start.under: its regions differ from this scenario's: 'east' and 'south'"
    )


def test_long_lines_of_files_and_wide_fans_end(tmp_path: Path) -> None:
    shutil.copy(TODAY, tmp_path)
    (tmp_path / "0.yaml").write_text("extends: today.yaml")
    for number in range(1, 40):
        (tmp_path / f"{number}.yaml").write_text(f"extends: [{number - 1}.yaml, {number - 1}.yaml]")
    assert load_scenario(tmp_path / "25.yaml").place == "Testshire"
    with pytest.raises(ScenarioError, match="more than 30 files extend one another"):
        load_scenario(tmp_path / "39.yaml")


def test_resolved_file_is_the_same_scenario(tmp_path: Path, expansion: Scenario) -> None:
    shutil.copy(TODAY, tmp_path)
    (tmp_path / "resolved.yaml").write_text(resolved_yaml(expansion), encoding="utf-8")
    again = load_scenario(tmp_path / "resolved.yaml")
    assert content(again) == content(expansion)
    assert again.sha256() == expansion.sha256()


def test_resolved_bytes_do_not_depend_on_where_or_how(tmp_path: Path, expansion: Scenario) -> None:
    for file in (TODAY, EXPANSION):
        shutil.copy(file, tmp_path)
    code = (
        "import sys; from hvsim.scenario import *; s = load_scenario(sys.argv[1]);"
        "sys.stdout.write(resolved_yaml(s) + s.sha256())"
    )
    environment = os.environ | {
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYTHONUTF8": "1",
    }
    there = subprocess.run(
        [sys.executable, "-c", code, "expansion.yaml"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert there.stdout == resolved_yaml(expansion) + expansion.sha256()
    assert str(HERE) not in there.stdout


def test_ways_of_writing_do_not_change_the_hash(today: Scenario) -> None:
    same = ["doors.birth-hospital.consents=0.75", "funding.county.per_year=4500000 USD"]
    assert load_scenario(TODAY, same).sha256() == today.sha256()


@pytest.mark.parametrize(
    ("which", "harm", "onset", "recovery"),
    [
        ("zero", 1.0, 1.0, 1.0),
        ("low", 1.0, 0.9, 0.9),
        ("central", 0.8, 0.9, 1.1),
        ("high", 0.65, 0.9, 1.3),
    ],
)
def test_effect_sets(
    expansion: Scenario, which: EffectSet, harm: float, onset: float, recovery: float
) -> None:
    varied = with_effects(expansion, which)
    for scenario in (varied, varied.before):
        effects = scenario.programs["intensive"].effects
        ratios = ratios_of(effects["depression"])
        assert {field: ratio.value for field, ratio in ratios.items()} == {
            "hazard_ratio": onset,
            "exit_hazard_ratio": recovery,
        }
        assert ratios_of(effects["harm"])["hazard_ratio"].value == harm
        assert effects["harm"].mean_dose.value == 0.5
    surveillance = expansion.programs["intensive"].surveillance
    assert varied.programs["intensive"].surveillance == surveillance
    unchanged = ratios_of(expansion.programs["intensive"].effects["harm"])
    assert unchanged["hazard_ratio"].value == 0.8
    written = resolved_yaml(varied)
    assert (which == "central") == ("# effects" not in written)


@pytest.mark.parametrize(
    ("which", "preterm", "ready", "leaving_care"),
    [
        ("zero", 1.0, 1.0, 1.0),
        ("low", 1.1, 1.0, 0.9),
        ("central", 0.9, 1.2, 1.1),
        ("high", 0.7, 1.5, 1.3),
    ],
)
def test_effect_sets_of_odds_and_of_what_is_desirable(
    which: EffectSet, preterm: float, ready: float, leaving_care: float
) -> None:
    programs = with_effects(load_scenario(WHOLE), which).programs
    effects = programs["light-visits"].effects | programs["intensive"].effects
    values = {
        outcome: {field: ratio.value for field, ratio in ratios_of(effects[outcome]).items()}
        for outcome in ("born-preterm", "ready-for-school", "foster-care")
    }
    assert values == {
        "born-preterm": {"odds_ratio": preterm},
        "ready-for-school": {"odds_ratio": ready},
        "foster-care": {"exit_hazard_ratio": leaving_care},
    }


@pytest.mark.parametrize(("which", "onset", "leaving"), [("low", 0.8, 1.3), ("high", 1.4, 0.7)])
def test_effect_sets_of_a_desirable_state(which: EffectSet, onset: float, leaving: float) -> None:
    effect = (
        "{hazard_ratio: {value: 1.1, low: 0.8, high: 1.4}, mean_dose: 50%, "
        "exit_hazard_ratio: {value: 1, low: 0.7, high: 1.3}}"
    )
    overrides = [
        "warm_start.under=null",
        "outcomes.depression.desirable=true",
        f"programs.intensive.effects.depression={effect}",
    ]
    varied = with_effects(load_scenario(TODAY, overrides), which)
    ratios = ratios_of(varied.programs["intensive"].effects["depression"])
    assert {field: ratio.value for field, ratio in ratios.items()} == {
        "hazard_ratio": onset,
        "exit_hazard_ratio": leaving,
    }


def test_a_whole_system_is_read_back_as_it_is_written(tmp_path: Path) -> None:
    whole = load_scenario(WHOLE, ["warm_start.under=null"])
    file = tmp_path / "resolved.yaml"
    file.write_text(resolved_yaml(whole), encoding="utf-8")
    again = load_scenario(file)
    assert content(again) == content(whole)
    assert again.sha256() == whole.sha256()


def test_what_nobody_wrote_is_said_to_be_default() -> None:
    origins = load_scenario(WHOLE).origins
    assert origins["structure.dose"].layer == "whole.yaml"
    unwritten = ("structure.recurrence", "outcomes.harm.amount", "doors.wic.closure")
    assert {origins[field].layer for field in unwritten} == {"default"}
    assert "programs.intensive.mismatch" not in origins


def test_an_optional_record_can_be_taken_away_and_put_back() -> None:
    gone = "doors.child-welfare.closure=null"
    assert load_scenario(WHOLE, [gone]).doors["child-welfare"].closure is None
    back = "doors.child-welfare.closure={of: depression, leaves: 10%}"
    closure = load_scenario(WHOLE, [gone, back]).doors["child-welfare"].closure
    assert closure is not None
    assert closure.of == "depression"


def test_unknown_effect_set(expansion: Scenario) -> None:
    middle: Any = "middle"
    with pytest.raises(ValueError, match="unknown effect set 'middle'; known: zero, low"):
        with_effects(expansion, middle)


def test_scenarios_are_frozen(today: Scenario) -> None:
    with pytest.raises(ValueError, match="frozen"):
        today.title = "Other"


def test_a_stream_may_run_for_one_month() -> None:
    month = [f"funding.county.{end}=2024-01" for end in ("from", "to")]
    county = load_scenario(TODAY, month).funding["county"]
    assert county.from_ == county.to == parse_month("2024-01")


def test_nobody_enrolls_when_the_last_level_is_over() -> None:
    last = load_scenario(TODAY, ["programs.light-visits.enroll_until_age=8"])
    assert last.programs["light-visits"].enroll_until_age == 8
    with pytest.raises(ScenarioError, match="must be from 0 to 8"):
        load_scenario(TODAY, ["programs.light-visits.enroll_until_age=9"])
