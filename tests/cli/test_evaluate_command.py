"""``hvsim evaluate`` from end to end."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from execution.evaluated_run import evaluated
from execution.killing import contents
from hvsim.cli import main
from hvsim.reporting.words import percent
from hvsim.runs import read_run
from runs.ledgers import HARBOR

pytestmark = pytest.mark.slow

SCENARIOS = [str(HARBOR / f"{name}.yaml") for name in ("today", "universal")]


def call(*arguments: object, status: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == status, result.output
    return result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a run with draws, to be changed."""
    copy = tmp_path / "run"
    shutil.copytree(evaluated()[0].folder, copy)
    return copy


def question(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "evaluation" / "question.json").read_text())
    return found


def test_compare_with_draws_evaluates_and_other_prices_do_so_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    small = "population.births_per_year=240"
    call("compare", *SCENARIOS, "--draws", 2, "--set", small, "--workers", 1, "--out", out)
    assert question(out)["draws"] == 2
    prices = tmp_path / "prices.yaml"
    prices.write_text(
        "extends: hvsim:prices/united-states\ntitle: Undiscounted\n"
        "discounting: {costs_per_year: {value: 0%, assumption: as it happens}}\n"
    )
    before = pd.read_csv(out / "evaluation" / "strategies.csv")["cost"]
    call("report", out, "--prices", prices)
    assert question(out)["prices_title"] == "Undiscounted"
    assert (pd.read_csv(out / "evaluation" / "strategies.csv")["cost"] > before).all()
    assert "How sure are we, and is it worth it" in (out / "report.html").read_text("utf-8")


def test_a_question_is_answered_in_files_and_on_the_page(folder: Path) -> None:
    options = ["--perspective", "public", "--wtp", "0:400000:100000", "--at", 200000]
    groups = ["--group", "acceptance=programs.*.accepts, screening.*", "--inflation", "2%"]
    result = call("evaluate", folder, *options, *groups)
    asked = question(folder)
    assert asked["perspective"] == "public"
    assert asked["wtp"] == [0, 1e5, 2e5, 3e5, 4e5]
    assert asked["inflation"] == 0.02
    assert list(asked["groups"]) == ["acceptance"]  # type: ignore[call-overload]  # a JSON object
    assert "public budgets: what programs cost them" in result.stdout
    assert f"Tables: {folder / 'evaluation'}" in result.stdout
    curves = pd.read_csv(folder / "evaluation" / "curves.csv")
    best = curves[curves["wtp"] == 2e5].set_index("strategy")["acceptability"]
    for name, share in best.items():
        (line,) = [own for own in result.stdout.splitlines() if own.startswith(f"{name} ")]
        assert line.endswith(percent(100 * share))
    names = {path.stem for path in (folder / "plots").glob("sure-*.svg")}
    assert names >= {"sure-kinds", "sure-acceptability", "sure-tornado", "sure-information"}
    checklist = pd.read_csv(folder / "evaluation" / "cheers.csv")
    assert len(checklist) == 28


def test_a_run_without_prices_is_evaluated_by_others(folder: Path) -> None:
    manifest = read_run(folder).manifest.model_copy(
        update={"valued": None, "not_valued": "nobody knows who pays"}
    )
    (folder / "manifest.json").write_text(manifest.to_json(), "utf-8")
    for name in ("prices.yaml", "valuation.parquet"):
        (folder / name).unlink()
    summary = folder / "summary.csv"
    dollars = ("_cost", "_saving", "capacity", "benefit:", "return_per_", "break_even", "cost_per")
    lines = summary.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not any(word in line for word in dollars)]
    summary.write_text("".join(kept), "utf-8")
    said = call("evaluate", folder, status=2).stderr
    assert "has no prices (nobody knows who pays); name a file with --prices" in said
    prices = folder.parent / "mine.yaml"
    prices.write_text("extends: hvsim:prices/united-states\ntitle: Mine\n")
    call("evaluate", folder, "--effect", "dollars", "--prices", prices)
    assert question(folder)["prices_title"] == "Mine"
    assert "is it worth it" in (folder / "report.html").read_text("utf-8")
    assert (folder / "plots" / "sure-tornado.svg").is_file()


def test_the_question_is_kept_when_prices_change(folder: Path) -> None:
    call("evaluate", folder, "--effect", "dollars")
    assert question(folder)["perspective"] == "society"
    assert "per dollar saved" in (folder / "report.html").read_text("utf-8")
    at = read_run(folder).manifest.valued
    file = folder.parent / "prices.yaml"
    file.write_text("extends: hvsim:prices/united-states\ntitle: The same again\n")
    call("report", folder, "--prices", file)
    assert read_run(folder).manifest.valued != at
    assert question(folder)["effect"] == "dollars"
    assert question(folder)["prices_title"] == "The same again"


def test_a_complete_run_is_resumed_as_it_is(tmp_path: Path) -> None:
    out, prices = tmp_path / "out", tmp_path / "prices.yaml"
    prices.write_text("extends: hvsim:prices/united-states\ntitle: Others\n")
    small = ["--draws", 2, "--set", "population.births_per_year=240", "--workers", 1, "--out", out]
    command = ["compare", *SCENARIOS, *small, "--resume"]
    call(*command)
    call("evaluate", out, "--effect", "dollars", "--prices", prices)
    before = contents(out)
    call(*command)
    assert contents(out) == before
    refused = call(*command, "--prices", prices, status=2).stderr
    assert refused.startswith(f"Error: the run in {out} is complete, and its dollars are not by")
    assert f"hvsim report {out} --prices FILE" in refused
    assert contents(out) == before
    call("report", out, "--prices", prices)
    after = contents(out)
    call(*command)
    call(*command, "--prices", prices)
    assert contents(out) == after
    answer = call(*command, "--overwrite", status=2).stderr
    assert "give one of --resume and --overwrite" in answer
    (out / "evaluation" / "question.json").write_text("{}")
    assert "make it anew with hvsim evaluate" in call(*command, status=2).stderr


def test_prices_that_cannot_answer_the_question_change_nothing(folder: Path) -> None:
    call("evaluate", folder, "--effect", "qalys")
    before = contents(folder)
    file = folder.parent / "prices.yaml"
    loss = "quality_of_life: {maltreatment: {outcome: feuds}}"
    file.write_text(f"extends: hvsim:prices/united-states\ntitle: No quality\n{loss}\n")
    refused = call("report", folder, "--prices", file, status=2).stderr
    assert "cannot be evaluated anew: the prices say of no outcome of this run" in refused
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--effect", "prevented:peace"], "no effect 'prevented:peace' in this run"),
        (["--perspective", "society"], "would count it twice"),
        (["--wtp", "cheap"], "'cheap' is no range of a willingness to pay"),
        (["--at", "-5"], "a willingness to pay of -5"),
        (["--at", "inf"], "a willingness to pay of inf"),
        (["--group", "wages"], "--group 'wages': write NAME=PATTERN"),
        (["--group", "pay=wages.*"], "'wages.*' fits no parameter that was drawn"),
        (["--inflation", "much"], "--inflation 'much': write a rate per year"),
        (["--prices", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_mistakes_are_told_in_one_message(options: list[str], message: str) -> None:
    result = call("evaluate", evaluated()[0].folder, *options, status=2)
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) <= 2


def test_a_run_without_draws_says_what_to_do(tmp_path: Path) -> None:
    out = tmp_path / "out"
    call("compare", *SCENARIOS, "--set", "population.births_per_year=240", "--out", out)
    result = call("evaluate", out, status=2)
    assert "holds no draws of parameters; run it with --draws" in result.stderr
    assert not (out / "evaluation").exists()
    assert "is it worth it" not in (out / "report.html").read_text("utf-8")
