"""Budget identities, to the cent."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from economics.worked import WORKED, costs, outcomes, run, small
from hvsim.economics import spending_by_stream, value_tables
from hvsim.economics.valuation.spending import RUN
from hvsim.runs.tables import tables_of
from runs.ledgers import made_up

CENTS = st.integers(0, 10**11)
NAMES = st.sampled_from(["first", "second"])
ROWS = st.tuples(
    NAMES,
    st.sampled_from([2025, 2026]),
    st.sampled_from(["county", "matched"]),
    NAMES,
    st.sampled_from(["salaries", "hires", "unspent"]),
    NAMES,
    CENTS.map(lambda cents: cents / 100),
)


def in_cents(dollars: float) -> int:
    """Cents, which dollars from a division by 100 hold exactly after rounding."""
    return round(dollars * 100)


@pytest.mark.parametrize("seed", range(5))
def test_spending_by_stream_and_year_is_the_ledgers_to_the_cent(seed: int) -> None:
    # Fiscal years from July; the ledger begins in July 2024: months 0 to 11 and 12 to 17.
    ledger = made_up(seed=seed)
    table = spending_by_stream(tables_of(ledger, replicate=0)["costs"].to_pandas())
    for place, stream in enumerate(ledger.streams):
        for year, months in ((2025, slice(0, 12)), (2026, slice(12, 18))):
            (row,) = table[(table["stream"] == stream) & (table["year"] == year)].to_dict("records")
            assert in_cents(row["received"]) == ledger.received[place, months].sum()
            assert in_cents(row["spent"]) == ledger.spent[place, :, :, months].sum()
            assert in_cents(row["spent"]) + in_cents(row["unspent"]) == in_cents(row["received"])
            assert row["payer"] == ledger.stream_payers[place]


@pytest.mark.parametrize("seed", range(5))
def test_program_cost_by_payer_is_the_ledgers_to_the_cent(seed: int) -> None:
    ledger = made_up(seed=seed)
    tables = tables_of(ledger, replicate=0)
    frames = (tables["costs"].to_pandas(), tables["outcomes"].to_pandas())
    valued = value_tables(run(*frames, baseline=None), small()).costs
    program = valued[(valued["view"] == "lifetime") & (valued["kind"] == "program cost")]
    for payer, stream in (("county", 0), ("federal", 1)):
        paid = program.loc[program["payer"] == payer, "dollars"].sum()
        assert in_cents(paid) == ledger.spent[stream].sum()
    for program_name, place in (("light", 0), ("intensive", 1)):
        paid = program.loc[program["item"] == program_name, "dollars"].sum()
        assert in_cents(paid) == ledger.spent[:, place].sum()


@settings(max_examples=30)
@given(st.lists(ROWS, min_size=1, max_size=12))
def test_nothing_is_lost_between_streams_and_payers(
    rows: list[tuple[str, int, str, str, str, str, float]],
) -> None:
    table = costs(*rows)
    streams = spending_by_stream(table)
    received = sum(in_cents(row[-1]) for row in rows)
    spent = sum(in_cents(row[-1]) for row in rows if row[4] != "unspent")
    assert streams["received"].map(in_cents).sum() == received
    assert streams["spent"].map(in_cents).sum() == spent
    assert (streams[RUN].drop_duplicates()["replicate"] == 0).all()
    valued = value_tables(run(table, outcomes(), baseline=None), small()).costs
    by_view = valued[valued["kind"] == "program cost"].groupby("view")["dollars"].sum()
    for view in ("fiscal", "lifetime"):
        assert float(by_view.get(view, 0.0)) == pytest.approx(spent / 100, abs=0.004, rel=1e-13)


def test_a_year_by_stream_in_full() -> None:
    table = spending_by_stream(WORKED.costs)
    (grant,) = table[(table["stream"] == "grant") & (table["year"] == 2026)].to_dict("records")
    assert grant == {
        "scenario": "more",
        "replicate": 0,
        "draw": 0,
        "year": 2026,
        "stream": "grant",
        "payer": "matched",
        "hires": 10_300.00,
        "salaries": 0.0,
        "spent": 10_300.00,
        "unspent": 0.0,
        "received": 10_300.00,
    }
