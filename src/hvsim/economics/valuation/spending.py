"""What streams received and paid out, by year, to the cent; and spending by payer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from hvsim.economics.valuation.discounting import discount_factors
from hvsim.economics.valuation.indices import indices_of
from hvsim.economics.valuation.prices import Prices
from hvsim.economics.valuation.tables import ValuationError

RUN = ["scenario", "replicate", "draw"]
UNSPENT = "unspent"


def spending_by_stream(costs: pd.DataFrame) -> pd.DataFrame:
    """Dollars by stream and fiscal year, in the prices of the run, undiscounted.

    Parameters
    ----------
    costs
        The run's table of costs.

    Returns
    -------
    One row per scenario, replicate, draw, year, stream and payer: a column for each category that
    was paid, then `spent` (their sum), `unspent`, and `received` (spent and unspent). Sums are
    made in whole cents, as the ledger holds them, so that they agree with it exactly.
    """
    keys = [*RUN, "year", "stream", "payer"]
    cents = costs.assign(cents=(costs["dollars"] * 100).round().astype("int64"))
    wide = cents.pivot_table(
        index=keys, columns="category", values="cents", aggfunc="sum", fill_value=0
    )
    paid = sorted(column for column in wide.columns if column != UNSPENT)
    result = wide[paid].copy()
    result["spent"] = wide[paid].sum(axis=1)
    result[UNSPENT] = wide.get(UNSPENT, 0)
    result["received"] = result["spent"] + result[UNSPENT]
    result.columns.name = None
    return (result / 100).reset_index()


def payer_shares(payers: Iterable[str], prices: Prices) -> Mapping[str, Mapping[str, float]]:
    """For each payer that streams name, who pays, in shares.

    A payer that the prices know pays by itself, unless ``budget.payers`` divides it.

    Raises
    ------
    ValuationError
        If the prices know nothing of a payer.
    """
    shares: dict[str, Mapping[str, float]] = {}
    for payer in sorted(set(payers)):
        divided = prices.budget.payers.get(payer)
        if divided is not None:
            shares[payer] = {name: share.value for name, share in divided.items()}
        elif payer in prices.payers:
            shares[payer] = {payer: 1.0}
        else:
            known = ", ".join(prices.payers)
            raise ValuationError(
                f"streams are paid by '{payer}', of whom the prices say nothing; add it to their "
                f"budget.payers, for example {payer}: {{{next(iter(prices.payers))}: 100%}} "
                f"(payers: {known})"
            )
    return shares


def divided(rows: pd.DataFrame, by: str, shares: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Rows once for each payer, with its share of their dollars.

    Parameters
    ----------
    rows
        With a column `dollars`.
    by
        Column that says whose shares a row has.
    shares
        By what stands in that column: payers and their shares.
    """
    parts = []
    for whose, payers in shares.items():
        own = rows[rows[by] == whose]
        parts += [
            own.assign(payer=payer, dollars=own["dollars"] * share)
            for payer, share in payers.items()
        ]
    return pd.concat(parts, ignore_index=True) if parts else rows.assign(payer="")


def refuse_unfit(payers: Iterable[str], price_year: int, prices: Prices) -> None:
    """Check that prices can value what streams pay.

    Parameters
    ----------
    payers
        Payers that streams name.
    price_year
        Year of the prices of their dollars.

    Raises
    ------
    ValuationError
        If the prices know nothing of a payer, or their index does not reach that year.
    """
    payer_shares(payers, prices)
    indices_of(prices)[prices.budget.index].factor(price_year, prices.price_year)


def refuse_other_place(place: str, prices: Prices) -> None:
    """Check that prices were made for a place, or for any.

    Raises
    ------
    ValuationError
        If they say that they were made for another place.
    """
    if prices.place not in (None, place):
        raise ValuationError(
            f"found '{place}'; the prices ({prices.title}) were made for '{prices.place}': use "
            "prices of this place, or some without 'place'"
        )


def present_value(
    dollars: Mapping[int, float], first_year: int, price_year: int, prices: Prices
) -> float:
    """What a run's dollars of each fiscal year are worth at the start of the first.

    Parameters
    ----------
    dollars
        By fiscal year, in the prices of the run.
    first_year
        The run's first fiscal year.
    price_year
        Year of the run's prices.
    prices
        Whose index, price year and discounting count.
    """
    years = sorted(dollars)
    settings = prices.discounting
    factors = discount_factors(
        years, first_year, settings.costs_per_year.value, settings.first_year
    )
    worth = float(np.dot(factors, [dollars[year] for year in years]))
    return worth * indices_of(prices)[prices.budget.index].factor(price_year, prices.price_year)
