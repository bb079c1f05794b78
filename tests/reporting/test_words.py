import pytest

from hvsim.reporting.words import age_of, amount, count, dollars, listed, percent, time_left


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(12345.4, 0, "12,345"), (-1234, 0, "-1,234"), (4.5, 1, "4.5"), (-0.2, 0, "0"), (0, 0, "0")],
)
def test_counts(value: float, digits: int, text: str) -> None:
    assert count(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (8430.2, "$8,430"),
        (-15, "-$15"),
        (14_240_000, "$14.2 million"),
        (999_600_000, "$1.00 billion"),
        (-1.25e9, "-$1.25 billion"),
    ],
)
def test_dollars(value: float, text: str) -> None:
    assert dollars(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(34.6, "35%"), (2.44, "2.4%"), (0.244, "0.24%"), (0, "0%"), (-0.5, "-0.50%")],
)
def test_percentages(value: float, text: str) -> None:
    assert percent(value) == text


@pytest.mark.parametrize(
    ("parts", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_lists(parts: list[str], text: str) -> None:
    assert listed(parts) == text


def test_times() -> None:
    assert [time_left(seconds) for seconds in (5, 300, 9000)] == ["5 s", "5 min", "2.5 h"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "$0"),
        (-0.2, "$0"),
        (370, "$370"),
        (999.7, "$1.0 thousand"),
        (1_633, "$1.6 thousand"),
        (-115_053, "-$115 thousand"),
        (9_950_000, "$9.9 million"),
        (180_240_000, "$180 million"),
        (999_700_000, "$1.0 billion"),
        (12_340_000_000, "$12 billion"),
    ],
)
def test_amounts_at_a_glance(value: float, text: str) -> None:
    assert amount(value) == text


def test_ages() -> None:
    assert [age_of(months) for months in (12, 60, 18)] == ["age 1", "age 5", "18 months of age"]
