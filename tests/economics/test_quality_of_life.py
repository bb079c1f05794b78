"""Quality of life in files of prices: what is refused, and what the packaged figures rest on."""

import math
from itertools import pairwise
from pathlib import Path

import pytest

from hvsim.economics import load_prices
from hvsim.evidence import load_evidence
from hvsim.scenario import ScenarioError

FACTS = load_evidence()
SHIPPED = load_prices()

WRONG = """\
extends: hvsim:prices/united-states
title: Losses that cannot be
quality_of_life:
  months-of-depression:
    label: Depression again
    outcome: maternal-depression
    per: month
    loss: {value: -0.02, assumption: made up}
    because_of: [anything]
    discounted_at: {value: 3%, assumption: made up}
  feuds:
    label: Feuds
    outcome: feuds
    per: event
    loss: {value: 0.1, assumption: made up}
    because_of: [feuding]
"""


def test_losses_that_cannot_be_are_refused_with_line_and_field(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(WRONG, encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load_prices(file)
    said = str(refused.value)
    assert "wrong.yaml:8" in said
    assert "quality_of_life.months-of-depression.loss" in said
    assert "-0.02" in said
    file.write_text(WRONG.replace("-0.02", "0.02"), encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load_prices(file)
    said = str(refused.value)
    assert "wrong.yaml:10: quality_of_life.months-of-depression.discounted_at" in said
    assert "'feuding'" in said
    for other in ("maltreatment", "maternal-depression", "infant-death", "sudden-death"):
        assert f"'months-of-depression' and '{other}' are both lost because of" in said


def test_the_packaged_losses_are_those_of_the_facts() -> None:
    for name, loss in SHIPPED.quality_of_life.items():
        (fact,) = (FACTS[id_] for id_ in loss.loss.evidence)
        assert loss.loss.value == fact.value, name
        assert (loss.loss.low, loss.loss.high) == (fact.low, fact.high), name


def worth(first: int, last: float, at: float, rate: float = 0.03) -> float:
    """Years from one age to another, each discounted from its middle to an age."""
    bounds = [*map(float, range(first, math.floor(last) + 1)), last]
    return math.fsum((b - a) * (1 + rate) ** (at - (a + b) / 2) for a, b in pairwise(bounds))


def test_derived_losses_follow_from_what_they_are_derived_from() -> None:
    life = FACTS["PQ001"].value
    assert life is not None
    assert FACTS["PQ002"].value == pytest.approx(worth(0, life, 0), abs=0.05)
    adult, derived = FACTS["POP357"], FACTS["PQ003"]
    years = worth(18, life, 2)
    for of_adult, lost in zip(
        (adult.value, adult.low, adult.high),
        (derived.value, derived.low, derived.high),
        strict=True,
    ):
        assert of_adult is not None
        assert lost == pytest.approx(of_adult * years, abs=0.0006)
    healthy, depressed = FACTS["POP364"].value, FACTS["POP365"].value
    assert healthy is not None
    assert depressed is not None
    assert FACTS["PQ004"].value == pytest.approx(healthy - depressed)
