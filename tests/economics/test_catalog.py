from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from economics.worked import SMALL, small
from hvsim.economics import Prices, load_prices
from hvsim.economics.valuation.catalog import Overlap, line_of, overlap_of, overlaps
from hvsim.economics.valuation.prices import Heading
from hvsim.scenario import ScenarioError

SHIPPED = load_prices()

CARE = """
  care-{name}:
    label: Care
    outcome: substantiated
    per: child
    amount: 1 USD
    price_year: 2020
    index: consumer
    holds: [{holds}]
    because_of: [{cause}]
    span: lifetime
    from_age: {ages[0]} years
    until_age: {ages[1]} years
    payers: {{county: 100%}}
"""


def pair(tmp_path: Path, *costs: tuple[str, str, tuple[int, int]]) -> Prices:
    """Small prices with two more costs: what they hold, because of what, at what ages."""
    entries = "".join(
        CARE.format(name=name, holds=holds, cause=cause, ages=ages)
        for name, (holds, cause, ages) in zip("ab", costs, strict=True)
    )
    file = tmp_path / "pair.yaml"
    file.write_text(f"extends: {SMALL}\ncosts:{entries}")
    return load_prices(file)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        # The same, at ages that meet: from 5 to 18 and to 10 make 5 to 10.
        (
            ("fostering", "violence", (5, 18)),
            ("fostering", "violence", (0, 10)),
            ("fostering", "violence", 60, 120),
        ),
        # A part of what the other holds, and a cause within the other's.
        (
            ("protection", "violence", (0, 18)),
            ("inquiries", "anything", (0, 18)),
            ("inquiries", "violence", 0, 216),
        ),
        # One ends at the age at which the other begins.
        (("fostering", "violence", (0, 5)), ("fostering", "violence", (5, 18)), None),
        # Parts of the same, beside one another.
        (("fostering", "anything", (0, 18)), ("inquiries", "anything", (0, 18)), None),
        # Of different causes.
        (("fostering", "violence", (0, 18)), ("fostering", "maltreatment", (0, 18)), None),
        # One of several things that it holds.
        (
            ("earnings, protection", "anything", (0, 18)),
            ("fostering", "anything", (0, 18)),
            ("fostering", "anything", 0, 216),
        ),
    ],
)
def test_what_two_costs_both_hold(
    tmp_path: Path,
    one: tuple[str, str, tuple[int, int]],
    other: tuple[str, str, tuple[int, int]],
    shared: tuple[str, str, float, float] | None,
) -> None:
    prices = pair(tmp_path, one, other)
    expected = None if shared is None else Overlap("care-a", "care-b", *shared)
    assert overlap_of(prices, "care-a", "care-b") == expected


@given(st.sampled_from(sorted(SHIPPED.costs)), st.sampled_from(sorted(SHIPPED.costs)))
def test_overlap_does_not_depend_on_the_order(first: str, second: str) -> None:
    one, other = overlap_of(SHIPPED, first, second), overlap_of(SHIPPED, second, first)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert {one.category, one.cause} == {other.category, other.cause}


@pytest.mark.parametrize("name", SHIPPED.costs)
def test_every_cost_overlaps_itself(name: str) -> None:
    assert overlap_of(SHIPPED, name, name) is not None


def test_a_circle_of_headings_ends() -> None:
    circle = {"a": Heading(label="a", within="b"), "b": Heading(label="b", within="a")}
    assert line_of("a", circle) == ("a", "b")


@pytest.mark.parametrize(
    ("views", "message"),
    [
        # Peterson's societal cost holds what Fang's components hold.
        (
            "lifetime.counts=[maltreatment-productivity, maltreatment-societal]",
            "productivity, because of maltreatment",
        ),
        # A victim's medical care holds her emergency visits.
        (
            "lifetime.counts=[emergency-visit, maltreatment-childhood-medical]",
            "emergency care, because of maltreatment",
        ),
        # Untreated depression's cost holds that of preterm births, to the age of 5.
        (
            "lifetime.counts=[preterm-birth-lifetime, depression-to-five]",
            "because of preterm birth, to the age of 5",
        ),
        # An injury is a part of emergency visits.
        (
            "fiscal.counts=[emergency-visit, injury-visit]",
            "emergency care, because of injury",
        ),
        # What is done by child welfare over five years is a part of a victim's lifetime of it.
        (
            "lifetime.counts=[maltreatment-child-welfare, foster-care-year]",
            "care away from home, because of maltreatment",
        ),
    ],
)
def test_the_shipped_catalog_refuses_what_overlaps(views: str, message: str) -> None:
    with pytest.raises(ScenarioError, match="hold the same dollars") as caught:
        load_prices(overrides=[f"views.{views}"])
    assert message in str(caught.value)


def test_what_the_views_count_holds_nothing_twice() -> None:
    for view in (SHIPPED.views.fiscal, SHIPPED.views.lifetime):
        assert list(overlaps(SHIPPED, view.counts)) == []
    assert list(overlaps(small(), ("inquiry", "stay", "victim"))) == []
