import pytest

from hvsim.reporting.words import count, dollars, listed, percent, time_left


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
