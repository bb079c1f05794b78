"""Money and staff, worked by hand."""

from __future__ import annotations

from hvsim.reference.model import PlainModel
from hvsim.reference.money import Bill, can_pay, drawn
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


# --- payments ------------------------------------------------------------------------------------

MATCHED = (
    "funding.county=null",
    "funding.federal={from: 2023-01, to: 2027-06, per_year: 600000 USD, pays_for: [light], "
    "pays: [salaries], match: 50%}",
    "funding.local={from: 2023-01, to: 2027-06, per_year: 600000 USD, pays_for: [light]}",
)


def test_a_payment_is_drawn_in_order_up_to_the_match_and_only_for_what_is_claimed() -> None:
    model, _ = only_provider(*MATCHED)
    federal, local = model.streams
    purses = {federal: 100, local: 60}
    assert drawn(Bill("salaries", 101), purses) == {federal: 51, local: 50}  # half, rounded up
    assert drawn(Bill("hires", 40), purses) == {federal: 0, local: 40}
    assert drawn(Bill("salaries", 240), purses) == {federal: 100, local: 60}  # all that they hold


def test_several_payments_are_made_from_what_the_earlier_leave() -> None:
    model, _ = only_provider(*MATCHED)
    federal, local = model.streams
    purses = {federal: 100, local: 60}
    assert can_pay([Bill("salaries", 101), Bill("hires", 10)], purses)
    assert not can_pay([Bill("salaries", 101), Bill("hires", 11)], purses)  # 60 - 50 are left
    assert not can_pay([Bill("salaries", 122)], purses)  # 61 from the federal stream, 61 needed


def test_positions_are_what_matched_money_pays() -> None:
    # Each stream brings 5,000,000 cents a month: half of ten salaries.
    model, provider = only_provider(*MATCHED)
    model.step()
    assert provider.team.positions == 10
    model, provider = only_provider(*MATCHED, "funding.local.per_year=420000 USD")
    model.step()
    assert provider.team.positions == 7  # of 8,500,000 the local stream brings 3,500,000: half
    assert [model.cash[name, model.first_month][1] for name in ("federal", "local")] == [
        3_500_000
    ] * 2


SUPERVISED = (
    "programs.light.staff.visitors_per_supervisor=4",
    "programs.light.staff.cost_per_supervisor=60000 USD",  # 500,000 cents a month
)


def test_supervisors_are_paid_for_every_few_visitors() -> None:
    model, provider = only_provider(*SUPERVISED)
    model.step()
    # 8,333,333 cents pay seven visitors with two supervisors, not eight.
    assert provider.team.positions == 7
    january = model.first_month
    assert model.cash["county", january] == (8_333_333, 7_000_000, 0, 1_000_000, 0)
    for visitor in provider.team.visitors[:3]:
        visitor.leaves = model.month
    model.step()  # four are left: one supervisor
    assert model.cash["county", january + 1][1:4] == (4_000_000, 0, 500_000)


# --- training, labor pools -----------------------------------------------------------------------


def test_a_new_visitor_waits_for_the_next_training_cohort() -> None:
    model, provider = only_provider(
        "programs.light.staff.hiring_months=1",
        "programs.light.staff.ramp_months=2",
        "programs.light.staff.training_every=3",
    )
    model.step()
    assert provider.team.capacity == 160  # the first visitors are trained
    provider.team.visitors[0].leaves = model.month
    seen = []
    for _ in range(5):
        model.step()
        seen.append((len(provider.team.visitors), provider.team.capacity))
    # Left in February, replaced in March, trained from April on: half a caseload, then all.
    assert seen == [(7, 140), (8, 140), (8, 150), (8, 160), (8, 160)]


def pool(provider: str, **terms: object) -> tuple[str, ...]:
    stated = {"available": 0, "entrants_per_year": 0, "returns": 0, "poached_per_month": 0} | terms
    written = ", ".join(f"{name}: {value}" for name, value in stated.items())
    return (f"labor.nurses={{{written}}}", f"providers.{provider}.pool=nurses")


def test_only_people_of_the_pool_can_be_hired() -> None:
    model, provider = only_provider(
        *pool("hill-light", available=1, entrants_per_year=4),
        "programs.light.staff.hiring_months=1",
    )
    model.step()
    nurses = model.pools["nurses"]
    # 4 a year are one in every third month of the fiscal year, from July: the next in March.
    assert nurses.people == 1
    for visitor in provider.team.visitors[:4]:
        visitor.leaves = model.month
    visitors = []
    for _ in range(6):
        model.step()
        visitors.append(len(provider.team.visitors))
    # February, and then March: the one available, the one who joins; June: another.
    assert visitors == [4, 6, 6, 6, 7, 7]
    assert nurses.people == 0


def test_who_leaves_a_position_may_stay_in_the_occupation() -> None:
    for returns, people in ((0, 0), (1, 3)):
        model, provider = only_provider(*pool("hill-light", returns=returns))
        model.step()
        for visitor in provider.team.visitors[2:5]:
            visitor.leaves = model.month
        model.step()
        assert model.pools["nurses"].people == people


def two_teams(poached: float, *overrides: str) -> tuple[PlainModel, Provider, Provider]:
    """Two teams of one pool, of which the first pays better and has just lost a visitor."""
    scenario = today(
        "warm_start.months=0",
        *pool("hill-parents", poached_per_month=poached),
        "providers.both-parents.pool=nurses",
        "providers.hill-parents.pay_ratio=1.2",
        "funding.county.per_year=2 M USD",
        *(f"programs.{p}.staff.turnover_per_year=0" for p in ("light", "nurses", "parents")),
        *overrides,
    )
    model = PlainModel(scenario, families([]), seed=1)
    rich, poor = (
        next(p for p in model.providers if p.name == name)
        for name in ("hill-parents", "both-parents")
    )
    model.step()
    rich.team.visitors[0].leaves = model.month
    model.step()
    return model, rich, poor


def test_a_team_that_finds_nobody_wins_a_visitor_of_one_that_pays_less() -> None:
    model, rich, poor = two_teams(1)
    assert (rich.team.cost, poor.team.cost) == (900_000, 750_000)
    before = [visitor.serial for visitor in poor.team.visitors]
    full = len(rich.team.visitors) + 1
    model.step()
    assert len(rich.team.visitors) == full
    assert [visitor.serial for visitor in poor.team.visitors] == before[1:]
    # The hire is new and untrained; the loser posts the position anew.
    assert not rich.team.visitors[-1].trained
    assert [opening.serial for opening in poor.team.openings] == [len(before)]


def test_nobody_is_poached_without_the_chance_or_from_who_pays_as_much() -> None:
    for poached, pay in ((0, 1.2), (1, 1)):
        model, rich, poor = two_teams(poached, f"providers.hill-parents.pay_ratio={pay}")
        before = len(poor.team.visitors)
        model.step()
        assert len(rich.team.openings) == 1
        assert len(poor.team.visitors) == before
