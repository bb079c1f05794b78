import pytest

from hvsim.economics import break_even_year


@pytest.mark.parametrize(
    ("spent", "saved", "year"),
    [
        # Balances: -100, -60, 0, 40.
        ({2025: 100.0, 2026: 10.0}, {2026: 50.0, 2027: 60.0, 2028: 40.0}, 2027),
        # -100, 20, -5, 45: reached in 2026 and not kept.
        ({2025: 100.0, 2027: 25.0}, {2026: 120.0, 2028: 50.0}, 2028),
        ({2025: 100.0}, {2026: 99.0}, None),
        ({2025: 1.0}, {2025: 1.0}, 2025),
        ({}, {2026: 1.0}, 2026),
        ({}, {}, None),
    ],
)
def test_the_year_from_which_savings_outweigh_costs(
    spent: dict[int, float], saved: dict[int, float], year: int | None
) -> None:
    assert break_even_year(spent, saved) == year
