"""``hvsim evidence`` from end to end, in one process."""

import csv
import io

import pytest
from click.testing import CliRunner, Result

from hvsim.cli.evidence import evidence
from hvsim.evidence import COLUMNS, SUBJECTS, load_evidence


def run(*arguments: str, columns: int = 80) -> Result:
    result = CliRunner().invoke(evidence, arguments, env={"COLUMNS": str(columns)})
    assert result.exit_code == 0, result.output
    return result


def test_without_words_it_shows_what_there_is_and_how_to_look() -> None:
    output = run().output
    assert f"{len(load_evidence()):,} facts" in output
    assert all(f"\n{subject} " in output for subject in SUBJECTS)
    assert "recall     from memory, to be rechecked" in output
    assert "hvsim evidence POP260" in output


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("arguments", [(), ("maltreatment",), ("POP260", "PF055"), ("qwerty",)])
def test_lines_fit_the_terminal(arguments: tuple[str, ...], columns: int) -> None:
    for line in run(*arguments, columns=columns).output.splitlines():
        assert len(line) <= columns or "http" in line


def test_words_give_cards_with_amount_provenance_and_source() -> None:
    output = run("preterm", "lifetime", columns=120).output
    assert output.startswith("POP291  lifetime societal excess cost per preterm birth\n")
    assert "\n        64,815 USD (2016 prices)\n" in output
    assert "\n        Read on the source page: " in output
    assert "\n        https://" in output
    assert output.endswith("1 fact.\n")


def test_many_matches_are_cut_short_and_say_so() -> None:
    everything = len(load_evidence().search("visits"))
    assert f"20 of {everything} facts" in run("visits").output
    assert f"\n{everything} facts." in run("visits", "--all").output


def test_an_id_gives_the_full_card() -> None:
    output = run("pop174", columns=120).output
    assert output.startswith("POP174  crude risk ratio of CPS investigation in the first year\n")
    assert "how known   from memory, to be rechecked" in output
    assert "factors overlap strongly" in output


def test_a_subject_narrows_the_search() -> None:
    subject = [fact.id for fact in load_evidence().values() if fact.subject == "screening"]
    assert f"\n{len(subject)} facts." in run("--subject", "screening", "--all").output
    assert run("--subject", "screening", "kempe").output.count("Kempe") >= 3
    assert "leave --subject out" in run("--subject", "births", "caseload").output


def test_an_unknown_subject_is_the_users_mistake() -> None:
    assert CliRunner().invoke(evidence, ["--subject", "birth"]).exit_code == 2


def test_csv_gives_whole_rows() -> None:
    rows = list(csv.DictReader(io.StringIO(run("--csv", "postpartum", "depression").output)))
    assert tuple(rows[0]) == COLUMNS
    assert [row["id"] for row in rows] == [
        fact.id for fact in load_evidence().search("postpartum depression")
    ]


def test_nothing_found_names_the_word_and_those_near_it() -> None:
    output = run("postpartum", "depresion").output
    assert output == "No fact holds 'depresion'. Words near it: depression.\n"


@pytest.mark.parametrize("search", ["zzz", "POP9999", "XYZ123"])
def test_what_resembles_nothing_gets_no_near_words(search: str) -> None:
    output = run(search).output
    assert f"No fact holds '{search}'." in output
    assert "hvsim evidence" in output
    assert "near" not in output


def test_words_that_never_meet_are_counted_one_by_one() -> None:
    words = ("kindergarten", "discounted")
    counts = ", ".join(f"{word} ({len(load_evidence().search(word))})" for word in words)
    assert run(*words, columns=120).output == (
        f"No fact holds all of these words. Facts with each alone: {counts}.\n"
    )
