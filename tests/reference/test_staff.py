"""Money and staff, worked by hand."""

from __future__ import annotations

from hvsim.reference.model import PlainModel
from hvsim.reference.providers import Provider
from reference.hamlet import families, today

ONE_PROVIDER = (
    "warm_start.months=0",
    "programs.nurses=null",
    "programs.parents=null",
    "providers.nurse-team=null",
    "providers.hill-parents=null",
    "providers.both-parents=null",
    "doors.hospital.offers=[light]",
    "doors.clinic.offers=[light]",
    "programs.light.gives_way_to=[]",
    "funding.grant=null",
    "funding.county.pays_for=[light]",
    "funding.county.per_year=1000000 USD",
    "programs.light.staff.cost_per_visitor=120000 USD",  # 1,000,000 cents a month
    "programs.light.staff.turnover_per_year=0",
)


def only_provider(*overrides: str) -> tuple[PlainModel, Provider]:
    model = PlainModel(today(*ONE_PROVIDER, *overrides), families([]), seed=1)
    (provider,) = model.providers
    return model, provider


def balance(provider: Provider) -> int:
    return sum(provider.accounts.held.values())


# --- money ---------------------------------------------------------------------------------------


def test_money_of_one_month_is_split_paid_in_order_and_kept() -> None:
    fixed = [f"programs.{p}.staff.turnover_per_year=0" for p in ("light", "nurses", "parents")]
    model = PlainModel(today("warm_start.months=0", *fixed), families([]), seed=1)
    model.step()
    # January is the seventh month of the fiscal year: 7/12 less 6/12 of 70,000,000 and of
    # 30,000,100 cents, each rounded down.
    county, grant = 40_833_333 - 35_000_000, 17_500_058 - 15_000_050
    allotted = {
        "hill-light": (county // 3, 825_002),  # 33% of the grant
        "nurse-team": (county // 3, 0),
        "hill-parents": (1_166_666, 1_005_003),  # 60% of a third; 60% of 67%
        "both-parents": (777_777, 670_002),
    }
    salaries = {
        "hill-light": 3 * 833_333,
        "nurse-team": 1_166_667,
        "hill-parents": 2 * 750_000,
        "both-parents": 750_000,
    }
    of_county = of_grant = 0
    for provider in model.providers:
        from_county, from_grant = allotted[provider.name]
        paid = salaries[provider.name]
        assert list(provider.accounts.allotted.values()) == [from_county, from_grant]
        first = min(paid, from_county)
        left = [from_county - first, from_grant + first - paid]
        assert list(provider.accounts.held.values()) == left
        of_county, of_grant = of_county + first, of_grant + paid - first
    assert model.cash["county", model.first_month] == (county, of_county, 0, 0, 2)  # cents over
    assert model.cash["grant", model.first_month] == (grant, of_grant, 0, 0, 1)


def test_accounts_lapse_when_the_fiscal_year_begins() -> None:
    model, provider = only_provider()
    for _ in range(6):
        model.step()
    # Half a year, less eight salaries in each of six months.
    assert balance(provider) == 50_000_000 - 6 * 8_000_000
    model.step()
    july = model.first_month + 6
    assert model.cash["county", july] == (8_333_333, 8_000_000, 0, 0, 2_000_000)
    assert balance(provider) == 333_333


def test_accounts_of_a_stream_lapse_after_its_last_month() -> None:
    model, provider = only_provider("funding.county.to=2024-02")
    for _ in range(3):
        model.step()
    # Two months of 8,333,333, less eight salaries in each.
    assert model.cash["county", model.first_month + 2] == (0, 0, 0, 0, 666_666)
    assert balance(provider) == 0
    assert provider.team.positions == 0
    assert provider.team.visitors == []


# --- staff ---------------------------------------------------------------------------------------


def test_a_vacancy_is_posted_filled_after_the_hiring_time_and_ramped_up() -> None:
    model, provider = only_provider(
        "programs.light.staff.hiring_months=2", "programs.light.staff.ramp_months=3"
    )
    model.step()
    assert provider.team.capacity == 8 * 20  # the first visitors are trained
    provider.team.visitors[2].leaves = model.month
    capacity, visitors = [], []
    for _ in range(6):
        model.step()
        capacity.append(provider.team.capacity)
        visitors.append(len(provider.team.visitors))
    assert visitors == [7, 7, 8, 8, 8, 8]
    assert capacity == [140, 140, 146, 153, 160, 160]  # 20 * 1 // 3, 20 * 2 // 3, 20
    assert [visitor.serial for visitor in provider.team.visitors] == [0, 1, 3, 4, 5, 6, 7, 8]
    assert model.cash["county", model.first_month + 3][2] == 500_000  # the hire


def test_a_hire_waits_for_its_money() -> None:
    model, provider = only_provider(
        "programs.light.staff.hiring_months=2",
        "programs.light.staff.cost_per_hire=40000 USD",
    )
    model.month = model.first_month = model.terms.start + 6  # July: no lapse comes between
    model.step()
    provider.team.visitors[0].leaves = model.month
    visitors = []
    for _ in range(4):
        model.step()
        visitors.append(len(provider.team.visitors))
    # Needed 8,000,000 + 4,000,000; held 333,333 + 2 * 1,333,333 + 8,333,333 = 11,333,333 in the
    # first possible month, and 12,666,666 in the next.
    assert visitors == [7, 7, 7, 8]
    assert model.cash["county", model.month - 1][1:3] == (8_000_000, 4_000_000)


def test_fewer_positions_cancel_pending_hires_before_visitors() -> None:
    model, provider = only_provider(
        "funding.county.per_year={2023-01: 1000000 USD, 2024-03: 760000 USD}"
    )
    model.step()
    provider.team.visitors[0].leaves = provider.team.visitors[1].leaves = model.month
    model.step()
    assert [opening.serial for opening in provider.team.openings] == [8, 9]
    model.step()  # six positions: both hires are canceled, nobody is laid off
    assert provider.team.positions == 6
    assert provider.team.openings == []
    assert [visitor.serial for visitor in provider.team.visitors] == [2, 3, 4, 5, 6, 7]
    provider.accounts.open_month()
    provider.accounts.allot(model.streams[0], 4_000_000)
    laid_off = provider.team.shrink(model.month)
    assert [visitor.serial for visitor in laid_off] == [6, 7]
    assert [visitor.serial for visitor in provider.team.visitors] == [2, 3, 4, 5]
