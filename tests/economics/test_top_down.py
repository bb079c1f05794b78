import pytest

from economics.worked import capacity, costs, funnel, outcomes, run, small
from hvsim.economics.valuation.top_down import cost_per_family

# 30 families in service at the end of each month of fiscal 2025 (July 2024 to June 2025) and 50 at
# the end of each month of fiscal 2026 and of the year after, whose spending no longer counts.
MONTHS = [f"{2024 + (6 + step) // 12}-{(6 + step) % 12 + 1:02d}" for step in range(36)]
SERVICE = capacity(
    *(("today", month, "visits", 30 if step < 12 else 50) for step, month in enumerate(MONTHS))
)
SPENT = costs(
    ("today", 2025, "county", "general", "salaries", "visits", 120_000.0),
    ("today", 2026, "county", "general", "salaries", "visits", 200_000.0),
    ("today", 2026, "county", "general", "unspent", "", 7_000.0),
    ("today", 2026, "county", "general", "salaries", "others", 9_000.0),
    ("today", 2027, "county", "general", "salaries", "visits", 500_000.0),
)
JOINED = funnel(
    ("today", 2025, "visits", "enrolled", 60),
    ("today", 2026, "visits", "enrolled", 50),
    ("today", 2026, "visits", "offered", 500),
)


def test_cost_per_family_year_and_per_family_served() -> None:
    checks = cost_per_family(run(SPENT, outcomes(), JOINED, SERVICE), small())
    by_year, by_family = checks.to_dict("records")
    # 320,000 of 2020 over 30 + 50 = 80 family-years: 4,000, in prices of 2010
    # * 218.056 / 258.811 = 3,370.12; published: 4,000 (3,000 to 5,000).
    assert by_year["families"] == 80
    assert by_year["spent"] == 320_000
    assert by_year["simulated"] == pytest.approx(3_370.12, abs=0.005)
    assert by_year["ratio"] == pytest.approx(0.84253, abs=5e-6)
    assert (by_year["published"], by_year["low"], by_year["high"]) == (4000, 3000, 5000)
    # Fiscal 2026 alone: 30 in service when it began and 50 who enrolled: 200,000 / 80 = 2,500.
    assert by_family["families"] == 80
    assert by_family["simulated"] == pytest.approx(2_500)
    assert by_family["ratio"] == pytest.approx(1.25)


def test_programs_that_a_run_does_not_have_are_passed_over() -> None:
    spent, joined, service = (
        frame.replace({"program": {"visits": "others"}}) for frame in (SPENT, JOINED, SERVICE)
    )
    assert cost_per_family(run(spent, outcomes(), joined, service), small()).empty
