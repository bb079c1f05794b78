import pytest

from economics.worked import small
from hvsim.economics.valuation.indices import PriceIndex, PriceYearError, indices_of
from hvsim.evidence import load_evidence

FACTS = load_evidence()


def test_a_cost_is_carried_by_the_ratio_of_two_index_values() -> None:
    # 830,928 USD of 2015 (POP260) in prices of 2020, by the GDP deflator:
    # the deflator was 97.3 in 2015 and 105.4 in 2020 (PP008, PP013), 2017 = 100;
    # 105.4 / 97.3 = 1.083247688;  830,928 * 1.083247688 = 900,100.83.
    deflator = PriceIndex("deflator", {2015: 97.3, 2020: 105.4})
    assert (FACTS["PP008"].value, FACTS["PP013"].value) == (97.3, 105.4)
    assert deflator.factor(2015, 2020) == pytest.approx(1.083247688, abs=5e-10)
    assert 830_928 * deflator.factor(2015, 2020) == pytest.approx(900_100.83, abs=0.005)


def test_there_and_back_is_where_it_began() -> None:
    index = indices_of(small())["consumer"]
    assert index.factor(2010, 2020) == pytest.approx(258.811 / 218.056)
    assert index.factor(2010, 2020) * index.factor(2020, 2010) == pytest.approx(1, abs=1e-15)


def test_the_same_year_needs_no_value_and_changes_nothing() -> None:
    assert PriceIndex("none", {}).factor(1999, 1999) == 1.0


def test_a_year_without_value_is_named_with_those_that_have_one() -> None:
    index = PriceIndex("consumer", {2000: 1, 2010: 2, 2011: 3, 2012: 4})
    message = r"index 'consumer' has no value for 2008; it has 2000 and 2010 to 2012"
    with pytest.raises(PriceYearError, match=message):
        index.factor(2008, 2012)
