import pytest
from hypothesis import given
from hypothesis import strategies as st

from hvsim.months import (
    fiscal_year,
    fiscal_year_label,
    format_month,
    month_of_fiscal_year,
    parse_month,
)

months = st.integers(0, 9999 * 12 + 11)
starts_of_year = st.integers(1, 12)


def test_months_count_from_january_of_year_zero() -> None:
    assert parse_month("0000-01") == 0
    assert parse_month("2023-07") == 2023 * 12 + 6
    assert format_month(2023 * 12 + 6) == "2023-07"


@given(months)
def test_text_and_number_are_the_same_month(month: int) -> None:
    assert parse_month(format_month(month)) == month


@pytest.mark.parametrize(
    "text", ["2023-13", "2023-00", "2023-7", "2023", "23-07", "2023-07-01", " 2023-07", "2023-07\n"]
)
def test_what_is_no_month_is_refused_with_what_would_be(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a month; write YYYY-MM, for example 2023-07"):
        parse_month(text)


@pytest.mark.parametrize(
    ("month", "starts", "year", "label", "position"),
    [
        ("2023-06", 7, 2023, "2022-23", 11),
        ("2023-07", 7, 2024, "2023-24", 0),
        ("1999-10", 10, 2000, "1999-00", 0),
        ("2023-12", 1, 2023, "2023", 11),
        ("2023-11", 12, 2023, "2022-23", 11),
        ("2023-12", 12, 2024, "2023-24", 0),
    ],
)
def test_fiscal_year_is_named_by_the_year_in_which_it_ends(
    month: str, starts: int, year: int, label: str, position: int
) -> None:
    assert fiscal_year(parse_month(month), starts) == year
    assert fiscal_year_label(year, starts) == label
    assert month_of_fiscal_year(parse_month(month), starts) == position


@given(months, starts_of_year)
def test_a_fiscal_year_has_twelve_months_from_its_first(month: int, starts: int) -> None:
    first = month - month_of_fiscal_year(month, starts)
    assert first % 12 == starts - 1
    assert {fiscal_year(first + j, starts) for j in range(12)} == {fiscal_year(month, starts)}
    assert fiscal_year(first + 12, starts) == fiscal_year(month, starts) + 1
