"""One broken file per message: what its first lines expect is all that is printed."""

from pathlib import Path

import pytest

from broken_files import assert_says_what_it_expects, broken_in
from hvsim.scenario import ScenarioError, load_scenario
from hvsim.scenario.reading import read_text

BROKEN = Path(__file__).parent / "broken"


@pytest.mark.parametrize("name", broken_in(BROKEN))
def test_broken_file_says_exactly_what_is_wrong(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)
    assert_says_what_it_expects(name, load_scenario)


def test_problems_hold_their_parts() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(BROKEN / "bare-percentage.yaml")
    (problem,) = caught.value.problems
    assert problem.file == BROKEN / "bare-percentage.yaml"
    assert problem.line == 5
    assert problem.field == "doors.birth-hospital.consents"
    assert problem.found == "40"
    assert problem.expected == "write 40% or 0.4"
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"title: \xff\xfe", "1: not UTF-8 text; save the file with that encoding"),
        ("title: ä".encode("utf-16"), "1: not UTF-8 text; save the file with that encoding"),
        (b"title: A\nplace: \x00", " not YAML text"),
        (b"%YAML 1.1\n---\ntitle: A", "1: YAML directives ('%...') have no place in a scenario"),
        (b"#" * 5_000_001, " larger than 5 MB; this is no scenario"),
    ],
    ids=["bytes", "utf-16", "control", "directive", "huge"],
)
def test_files_that_are_no_scenario(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "odd.yaml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert str(caught.value).split("\n")[0].endswith(f"odd.yaml:{message}")


def test_too_many_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hvsim.scenario.reading.NODES_LIMIT", 100)
    read_text.cache_clear()
    with pytest.raises(ScenarioError, match=r"today.yaml:\d+: too large or too deeply nested"):
        load_scenario(Path(__file__).parent / "today.yaml")


def test_folder_in_place_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"a folder; name the files in it: .*/\*\.yaml"):
        load_scenario(tmp_path)
    with pytest.raises(ScenarioError, match="no such file"):
        load_scenario(tmp_path / "nothing.yaml")
    with pytest.raises(ScenarioError, match="not a file name"):
        load_scenario("nul\0.yaml")


def test_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    today = Path(__file__).parent / "today.yaml"
    file = tmp_path / "today.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + today.read_bytes())
    assert load_scenario(file).sha256() == load_scenario(today).sha256()


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("doors.birth-hospital.consents", "write PATH=VALUE, for example screening.flagged=20%"),
        ("doors..consents=1", "write PATH=VALUE, for example screening.flagged=20%"),
        (
            "doors.birth-hospital.consent=1",
            "doors.birth-hospital.consent: unknown field; did you mean 'consents'?",
        ),
        (
            "doors.birth-hospital.consents.value=1",
            "doors.birth-hospital.consents: is a value and replaced whole; "
            "it has no fields to reach",
        ),
        (
            "doors.birth-hospital.consents=40",
            "doors.birth-hospital.consents: found 40; write 40% or 0.4",
        ),
        ("title=[", "not readable as YAML: a quote or bracket is not closed"),
        ("title=@home", "not readable as YAML: quote texts that begin with '@'"),
        ("title=!x y", "tags ('!...') have no place here; quote such a text"),
        (
            "doors.market={label: Market}",
            "doors.market: lacks 'kind', 'consents' and 'offers'",
        ),
        ("funding.state=null", "funding.state: nothing to remove; known: county"),
    ],
)
def test_broken_override_says_what_is_wrong(override: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(Path(__file__).parent / "today.yaml", [override])
    assert str(caught.value) == f"--set {override}: {message}"


def test_a_misspelled_record_is_one_problem(tmp_path: Path) -> None:
    whole = (Path(__file__).parent / "today.yaml").read_text(encoding="utf-8")
    fields = ("births_per_year", "enters_before_birth")
    part = [line for line in whole.split("\n") if not line.strip().startswith(fields)]
    (tmp_path / "part.yaml").write_text("\n".join(part), encoding="utf-8")
    file = tmp_path / "plan.yaml"
    body = "{births_per_year: 8000, enters_before_birth: 4}\nwarm_start: {under: null}\n"
    file.write_text(f"extends: part.yaml\npopulation: {body}", encoding="utf-8")
    assert load_scenario(file).population.births_per_year.value == 8000
    file.write_text(f"extends: part.yaml\npopulaton: {body}", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    (problem,) = caught.value.problems
    assert problem.message == "unknown field; did you mean 'population'?"


def test_a_door_that_refers_keeps_its_kind(tmp_path: Path) -> None:
    whole = BROKEN.parent / "whole.yaml"
    without, with_another = tmp_path / "without.yaml", tmp_path / "with-another.yaml"
    without.write_text(f"extends: {whole}\ndoors: {{child-welfare: null}}\n", encoding="utf-8")
    with_another.write_text(
        "extends: without.yaml\n"
        f"warm_start: {{under: {whole}}}\n"
        "doors:\n"
        "  child-welfare:\n"
        "    {label: WIC, kind: community, share_of_births: 10%, contacts_per_month: 0.1,\n"
        "     consents: 50%, offers: [intensive]}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        load_scenario(with_another)
    (problem,) = caught.value.problems
    assert (problem.field, problem.line) == ("doors.child-welfare.kind", 2)
    assert "'community', but 'agency'" in problem.message
