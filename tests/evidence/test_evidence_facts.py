"""The facts themselves, and the Python side of the evidence room."""

import csv
import re
from importlib.resources import files

import pytest

from hvsim.evidence import (
    COLUMNS,
    SUBJECTS,
    VERIFIED,
    Evidence,
    Fact,
    UnknownFactError,
    load_evidence,
)

FACTS = list(load_evidence().values())


def violations(*broken: Fact) -> str:
    return "\n".join(fact.describe() for fact in broken)


def test_ids_are_unique_and_well_formed() -> None:
    with (files("hvsim.evidence") / "data" / "facts.csv").open(encoding="utf-8") as file:
        ids = [row["id"] for row in csv.DictReader(file)]
    assert len(ids) == len(set(ids)) == len(FACTS)
    assert [name for name in ids if not re.fullmatch(r"[A-Z]{2,3}\d{3}", name)] == []


def test_every_fact_says_what_it_is_about_and_who_says_so() -> None:
    assert not violations(*(f for f in FACTS if not (f.parameter and f.unit and f.place)))
    assert not violations(
        *(
            f
            for f in FACTS
            if not (f.citation or (f.verified == "assumption" and "assum" in f.note.casefold()))
        )
    )


def test_subjects_and_marks_are_the_published_ones() -> None:
    assert {f.subject for f in FACTS} == set(SUBJECTS)
    assert {f.verified for f in FACTS} <= set(VERIFIED)


def test_what_was_read_on_a_page_names_the_page() -> None:
    assert not violations(
        *(f for f in FACTS if f.verified in ("search", "derived") and not f.url.startswith("http"))
    )


def test_every_fact_has_a_number_a_range_or_words() -> None:
    assert not violations(*(f for f in FACTS if (f.unit == "text") != bool(f.text)))
    assert not violations(
        *(f for f in FACTS if f.unit != "text" and f.value is None and f.low is f.high is None)
    )


def test_bounds_enclose_the_value_and_say_what_they_are() -> None:
    for fact in FACTS:
        given = [x for x in (fact.low, fact.value, fact.high) if x is not None]
        assert given == sorted(given), fact.describe()
        assert bool(fact.interval) == (fact.low is not None or fact.high is not None), fact.id
        if fact.interval:
            sides = {"lower bound": (fact.low,), "upper bound": (fact.high,)}
            assert None not in sides.get(fact.interval, (fact.low, fact.high)), fact.id


def test_proportions_and_directions_stay_in_their_range() -> None:
    for fact in FACTS:
        given = [x for x in (fact.low, fact.value, fact.high) if x is not None]
        if fact.unit.startswith("proportion"):
            assert all(0 <= x <= 1 for x in given), fact.describe()
        if fact.unit == "direction":
            assert fact.value in (-1, 0, 1), fact.describe()


def test_dollars_have_a_price_year_or_say_that_the_source_gives_none() -> None:
    assert not violations(
        *(
            f
            for f in FACTS
            if "USD" in f.unit and f.price_year is None and "price year not stated" not in f.note
        )
    )


def test_units_carry_no_remarks() -> None:
    remark = re.compile(r"[(;]|, |about|more than|up to|nearly|approximate")
    units = {f.unit for f in FACTS if not f.unit.startswith("index (")}
    assert [unit for unit in units if remark.search(unit)] == []


def test_what_is_remembered_never_passes_for_read() -> None:
    remembered = [f for f in FACTS if "remember" in f.citation]
    assert remembered
    assert {f.verified for f in remembered} == {"recall"}


def test_our_own_words_are_american() -> None:
    british = re.compile(
        r"programme|enrol(?!l)|isation|(monet|organ|random|recogn|standard|summar)ise"
        r"|behaviour|favour|neighbour|centre|modell|paed"
    )
    for fact in FACTS:
        ours = " ".join((fact.parameter, fact.population, fact.text, fact.unit, fact.note))
        assert not british.search(ours), fact.describe()


def test_rows_written_are_the_rows_read() -> None:
    with (files("hvsim.evidence") / "data" / "facts.csv").open(encoding="utf-8") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    assert tuple(reader.fieldnames or ()) == COLUMNS
    assert [fact.row() for fact in FACTS] == rows


def test_evidence_is_loaded_once_and_identified_by_its_bytes() -> None:
    assert load_evidence() is load_evidence()
    assert re.fullmatch(r"[0-9a-f]{64}", load_evidence().sha256)


@pytest.mark.parametrize(
    ("fact_id", "amount"),
    [
        ("POP001", "151,837 births per year"),
        ("POP049", "45% to 50% (our reading of the words)"),
        ("POP078", "+6%"),
        ("POP112", "12.5% (12.5% to 12.6%, 95% CI)"),
        ("POP260", "830,928 USD (2015 prices)"),
        ("POP303", "13,100,000 USD (6,100,000 to 19,900,000, HHS low and high; 2023 prices)"),
        ("POP313", "3% per year"),
        ("POP421", "at least 20,000 families per year"),
        ("PE037", "odds ratio 1.32 (1.08 to 1.62, 95% CI)"),
        ("PF007", "lower with the program or exposure (direction only)"),
        ("PM002", "registered nurse"),
        ("SY005", "at most 1%"),
    ],
)
def test_amounts_read_well(fact_id: str, amount: str) -> None:
    assert load_evidence()[fact_id].amount == amount


def test_describe_fits_on_one_line() -> None:
    assert load_evidence()["POP260"].describe() == (
        "POP260: lifetime cost per nonfatal maltreatment victim (United States, 2015, "
        "substantiated victim, societal incl. intangible): 830,928 USD (2015 prices); "
        "read on the source page"
    )
    assert not violations(*(f for f in FACTS if "\n" in f.describe()))


@pytest.mark.parametrize(("wrong", "nearest"), [("POP 260", "POP260"), ("pop260", "POP260")])
def test_an_unknown_id_is_a_key_error_that_names_the_nearest(wrong: str, nearest: str) -> None:
    with pytest.raises(KeyError) as caught:
        load_evidence()[wrong]
    assert isinstance(caught.value, UnknownFactError)
    assert str(caught.value) == f"no fact has the id '{wrong}'; did you mean '{nearest}'?"


def test_an_unknown_id_far_from_all_others_gets_no_suggestion() -> None:
    with pytest.raises(UnknownFactError, match=r"^no fact has the id 'zebra'$"):
        load_evidence()["zebra"]


def test_search_wants_every_word_in_any_order_and_case() -> None:
    found = load_evidence().search("BABY welcome caseload")
    assert found == load_evidence().search("caseload, Welcome-Baby")
    assert "SY568" in [fact.id for fact in found]
    for fact in found:
        hay = " ".join((fact.id, fact.parameter, fact.program, fact.place, fact.population))
        hay = f"{hay} {fact.text} {fact.note}".casefold()
        assert all(word in hay for word in ("welcome", "baby", "caseload"))


def test_search_ranks_names_before_remarks() -> None:
    found = load_evidence().search("depression")
    in_name = ["depression" in fact.parameter for fact in found]
    assert in_name == sorted(in_name, reverse=True)
    assert in_name[0]
    assert not in_name[-1]


def test_short_words_match_whole_words_only() -> None:
    found = load_evidence().search("ED")
    assert found
    for fact in found:
        assert re.search(r"\bed\b", " ".join(fact.row().values()), re.IGNORECASE)


def test_search_for_nothing_finds_nothing() -> None:
    assert load_evidence().search(" - ") == []


def test_suggestions_are_words_of_the_evidence() -> None:
    assert load_evidence().suggest("depresion births")[0] == "depression"
    assert load_evidence().suggest("births") == []


def test_evidence_is_a_mapping_in_file_order() -> None:
    some = Evidence(FACTS[:3])
    assert list(some) == [fact.id for fact in FACTS[:3]]
    assert len(some) == 3
    assert FACTS[0].id in some
    assert FACTS[9].id not in some
