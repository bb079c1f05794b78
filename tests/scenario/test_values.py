"""How values are written and what they become."""

from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from hvsim.months import parse_month
from hvsim.scenario import OfferRule, Quantity
from hvsim.scenario.errors import Origin
from hvsim.scenario.kinds import KINDS, Kind
from hvsim.scenario.reading import read_text


def read(text: str, kind: str) -> Quantity:
    node, problems = read_text(text, Origin("test", Path("test.yaml")))
    assert not problems
    return KINDS[kind].read(node.plain())


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("40%", "proportion", 0.4),
        ("12.5 %", "proportion", 0.125),
        ("0.4", "proportion", 0.4),
        ("1", "proportion", 1.0),
        ("'40%'", "proportion", 0.4),
        ("45 M USD", "money", 45e6),
        ("1.2 B USD", "money-per-year", 1.2e9),
        ("8K USD", "money", 8000.0),
        ("3 million USD", "money", 3e6),
        ("1.2 billion USD", "money-per-year", 1.2e9),
        ("20 thousand USD", "money", 20e3),
        ("700 USD", "money", 700.0),
        ("45000000 USD", "money-per-year", 45e6),
        ("5 years", "duration", 60.0),
        ("1 year", "duration", 12.0),
        ("60 months", "duration", 60.0),
        ("18", "duration", 18.0),
        ("-0.4", "real", -0.4),
        ("1e-4", "ratio", 1e-4),
        (".5", "correlation", 0.5),
        ("-1", "correlation", -1.0),
    ],
)
def test_scalars(text: str, kind: str, value: float) -> None:
    quantity = read(text, kind)
    assert quantity.value == value
    assert quantity.kind == kind
    assert not quantity.is_series
    assert quantity.at(0) == quantity.at(30_000) == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("40", "proportion"),
        ("{0: 40, 12: 10%}", "share-by-age"),
        ("{2023-07: 40%}", "share-by-age"),
        ("true", "proportion"),
        ("-5%", "proportion"),
        ("45", "money"),
        ("45 M", "money"),
        ("45 M EUR", "money"),
        ("-3 USD", "money"),
        ("1_000", "count"),
        ("1,000", "count"),
        ("0x10", "count"),
        ("12:30", "count"),
        ("", "count"),
        ("{}", "count"),
        ("[1]", "count"),
        ("5 decades", "duration"),
        ("1.5", "correlation"),
        ("0", "positive-ratio"),
        ("{value: 1, evidence: []}", "count"),
        ("{value: 1, note: 3}", "count"),
        ("{value: {value: 1}}", "count"),
        ("{value: 0.5, low: 0.1, high: 0.9, distribution: beta}", "ratio"),
    ],
)
def test_refused(text: str, kind: str) -> None:
    with pytest.raises(ValidationError):
        read(text, kind)


def test_dated_series_begins_with_its_first_value() -> None:
    series = read("{2023-07: 40%, 2025-07: 95%}", "proportion")
    july, later = parse_month("2023-07"), parse_month("2025-07")
    assert series.points == ((july, 0.4), (later, 0.95))
    assert [series.at(m) for m in (0, july, later - 1, later, later + 99)] == [
        0.4,
        0.4,
        0.4,
        0.95,
        0.95,
    ]


def test_series_by_stage_begins_at_its_first_step() -> None:
    steps = read("{-4: 0.1, 0: 0.2, 12: 0}", "by-stage")
    assert [steps.at(age) for age in (-5, -4, -1, 0, 11, 12, 99)] == [
        0.0,
        0.1,
        0.1,
        0.2,
        0.2,
        0.0,
        0.0,
    ]


def test_share_by_age_holds_before_its_first_step() -> None:
    steps = read("{0: 20%, 12: 0.1}", "share-by-age")
    assert [steps.at(age) for age in (-4, 0, 11, 12, 99)] == [0.2, 0.2, 0.2, 0.1, 0.1]
    assert read("35%", "share-by-age").at(-4) == 0.35


def test_annotations() -> None:
    quantity = read(
        "{value: {2023-07: 40%}, low: 30%, high: 50%, distribution: beta, evidence: PF003, "
        "assumption: local, note: see there}",
        "proportion",
    )
    assert quantity == Quantity(
        ((parse_month("2023-07"), 0.4),),
        "proportion",
        "share",
        0.3,
        0.5,
        "beta",
        ("PF003",),
        "local",
        "see there",
    )


def test_yaml_keeps_its_hands_off() -> None:
    text = "{2023-07-01: 2023-07-01, no: no, 012: 12, a: 2023-07, b: 1:30, c: true, d: '1'}"
    node, _ = read_text(text, Origin("test"))
    assert node.plain() == {
        "2023-07-01": "2023-07-01",
        "no": "no",
        "012": 12,
        "a": "2023-07",
        "b": "1:30",
        "c": True,
        "d": "1",
    }


@given(st.integers(0, 1_000_000))
def test_percentages_are_exact(parts: int) -> None:
    percent = f"{parts // 10_000}.{parts % 10_000:04d}%"
    assert KINDS["proportion"].read(percent).value == float(f"{parts / 1e6:.6f}")


finite = st.floats(0, 1, allow_nan=False)
scalars = {"proportion": finite, "ratio": finite, "real": st.floats(-1e6, 1e6)}


@st.composite
def quantities(draw: st.DrawFn) -> tuple[Kind, Quantity]:
    name = draw(st.sampled_from(sorted(scalars)))
    values = sorted(draw(st.lists(scalars[name], min_size=3, max_size=3)))
    months = draw(st.lists(st.integers(23_000, 25_000), max_size=3, unique=True))
    points: Any = [(month, values[1]) for month in sorted(months)] or [(None, values[1])]
    text = st.none() | st.just("a sentence")
    return KINDS[name], Quantity(
        tuple(points),
        name,
        KINDS[name].unit,
        draw(st.none() | st.just(values[0])),
        draw(st.none() | st.just(values[2])),
        None,
        tuple(draw(st.lists(st.sampled_from(["PF003", "SY588"]), max_size=2))),
        draw(text),
        draw(text),
    )


@given(quantities())
def test_what_is_written_is_read_back(drawn: tuple[Kind, Quantity]) -> None:
    kind, quantity = drawn
    assert kind.read(kind.written(quantity)) == quantity
    adapter: TypeAdapter[Quantity] = TypeAdapter(Annotated[Quantity, kind])
    assert adapter.validate_python(quantity) is quantity


def test_offer_rules() -> None:
    assert OfferRule.read("everyone") == OfferRule("everyone")
    assert OfferRule.read({"screened": "high"}) == OfferRule("screened", "high")
    for rule in (OfferRule("everyone"), OfferRule("nobody"), OfferRule("screened", "low")):
        assert OfferRule.read(rule.written()) == rule
