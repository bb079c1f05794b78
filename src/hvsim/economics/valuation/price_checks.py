"""What must be true of a file of prices beyond each field's own kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Final, TypeAlias

from hvsim.economics.valuation.catalog import line_of, overlap_findings, shared
from hvsim.economics.valuation.discounting import HIGHEST_RATE
from hvsim.economics.valuation.indices import PriceYearError, index_of
from hvsim.economics.valuation.prices import Cost, Heading, Index, Prices
from hvsim.evidence import Fact, load_evidence
from hvsim.scenario.checks.names import list_findings, unknown
from hvsim.scenario.errors import nth
from hvsim.scenario.findings import Finding, found
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.resolved import quantities

Rule: TypeAlias = Callable[[Prices], Iterator[Finding]]

ROUNDING: Final = 1e-9
"""By how much shares may miss 100% through the representation of decimals."""


def check_prices(prices: Prices, complete: bool) -> Iterator[Finding]:
    """Everything wrong with prices; a rule that needs what could not be built is passed over."""
    for rule in RULES:
        try:
            yield from rule(prices)
        except AttributeError:
            if complete:
                raise


def check_sources(prices: Prices) -> Iterator[Finding]:
    """Evidence that numbers refer to exists."""
    facts = load_evidence()
    for path, number in quantities(prices):
        for id_ in number.evidence:
            if id_ not in facts:
                yield unknown((*path, "evidence"), "evidence", id_, facts)


def check_indices(prices: Prices) -> Iterator[Finding]:
    """Every fact of an index is one year's value, in one base."""
    for name, index in prices.indices.items():
        yield from _index_findings(name, index)


def _index_findings(name: str, index: Index) -> Iterator[Finding]:
    facts = load_evidence()
    values: dict[str, Fact] = {}
    for place, id_ in enumerate(index.evidence):
        path = ("indices", name, "evidence", nth(place))
        if id_ not in facts:
            yield unknown(path, "evidence", id_, facts)
            continue
        fact = facts[id_]
        first = next(iter(values.values()), fact)
        if not (fact.unit.startswith("index") and fact.year.isdigit() and fact.value):
            yield found(path, f"'{id_}', no value of a year", "name index values of one year each")
        elif fact.year in values:
            yield found(path, f"'{id_}', a second value of {fact.year}", "name one for each year")
        elif fact.unit != first.unit:
            what = f"'{id_}', {fact.unit}"
            yield found(path, what, f"all must have the base of '{first.id}', {first.unit}")
        else:
            values[fact.year] = fact


def check_trees(prices: Prices) -> Iterator[Finding]:
    """Headings are parts of headings that exist, and never of themselves."""
    for field in ("categories", "causes"):
        headings: Mapping[str, Heading] = getattr(prices, field)
        for name, heading in headings.items():
            path = (field, name, "within")
            if heading.within is None:
                continue
            if heading.within not in headings:
                yield unknown(path, "entry", heading.within, headings)
            elif headings[line_of(name, headings)[-1]].within == name:
                yield Finding(path, f"'{name}' is a part of itself")


def check_rates(prices: Prices) -> Iterator[Finding]:
    """Discount rates are such as are used."""
    for field in ("costs_per_year", "effects_per_year"):
        rate: Quantity | None = getattr(prices.discounting, field)
        if rate is not None and rate.value > HIGHEST_RATE:
            path = ("discounting", field)
            yield found(path, f"{100 * rate.value:g}%", "a discount rate is from 0% to 10% a year")


def check_budget(prices: Prices) -> Iterator[Finding]:
    """What streams pay, and who."""
    budget = prices.budget
    yield from list_findings(("budget", "holds"), "category", budget.holds, prices.categories)
    if budget.index not in prices.indices:
        yield unknown(("budget", "index"), "index", budget.index, prices.indices)
    for name, shares in budget.payers.items():
        yield from _share_findings(("budget", "payers", name), shares, prices)


def check_costs(prices: Prices) -> Iterator[Finding]:
    """Every entry of the catalog by itself."""
    for name, cost in prices.costs.items():
        path = ("costs", name)
        yield from _trigger_findings(path, cost)
        yield from list_findings((*path, "holds"), "category", cost.holds, prices.categories)
        yield from list_findings((*path, "because_of"), "cause", cost.because_of, prices.causes)
        yield from _share_findings((*path, "payers"), cost.payers, prices)
        yield from _year_findings(path, cost.index, cost.price_year, prices)


def check_quality_of_life(prices: Prices) -> Iterator[Finding]:
    """Every loss by itself, and no two from one cause."""
    losses = prices.quality_of_life
    for name, loss in losses.items():
        path = ("quality_of_life", name)
        yield from list_findings((*path, "because_of"), "cause", loss.because_of, prices.causes)
        if loss.per != "child" and loss.discounted_at is not None:
            yield Finding((*path, "discounted_at"), "only what is lost per child lasts")
    if any(check_trees(prices)):
        return
    for first, second in combinations(losses, 2):
        one, other = losses[first].because_of, losses[second].because_of
        if (cause := shared(one, other, prices.causes)) is not None:
            yield Finding(
                ("quality_of_life", second, "because_of"),
                f"'{second}' and '{first}' are both lost because of {prices.causes[cause].label}; "
                "keep one of them",
            )


def check_top_down(prices: Prices) -> Iterator[Finding]:
    """Published costs per family can be carried to the year of the prices."""
    for name, check in prices.top_down.items():
        yield from _year_findings(("top_down", name), check.index, check.price_year, prices)


def check_views(prices: Prices) -> Iterator[Finding]:
    """Views count what exists, what fits them, and nothing twice."""
    if any(check_trees(prices)):
        return  # what overlaps is known once the trees are right
    for view in ("fiscal", "lifetime"):
        names = getattr(prices.views, view).counts
        path = ("views", view, "counts")
        yield from list_findings(path, "cost", names, prices.costs)
        known = tuple(name for name in names if name in prices.costs)
        yield from overlap_findings(prices, view, known)
        if view == "fiscal":
            yield from _fiscal_findings(path, names, prices)


def _fiscal_findings(
    path: tuple[str, ...], names: tuple[str, ...], prices: Prices
) -> Iterator[Finding]:
    for place, name in enumerate(names):
        cost = prices.costs.get(name)
        if cost is None:
            continue
        if cost.span == "lifetime":
            yield Finding(
                (*path, nth(place)),
                f"'{name}' holds a lifetime, which no budget of the next years does; count it in "
                "the lifetime view",
            )
        elif cost.transition is None and cost.cashable is None:
            yield Finding(
                (*path, nth(place)),
                f"'{name}' does not say which share is 'cashable'; a fiscal view needs it",
            )


def _trigger_findings(path: tuple[str, ...], cost: Cost) -> Iterator[Finding]:
    """A cost is paid for one thing, in a way that fits it."""
    if (cost.outcome is None) == (cost.transition is None):
        yield Finding(path, "write 'outcome' or 'transition', and not both: what it is paid for")
    if cost.transition is not None and cost.per != "event":
        yield found((*path, "per"), f"'{cost.per}'", "a transition is paid for per event")
    if cost.transition is not None and cost.cashable is not None:
        yield Finding((*path, "cashable"), "an ingredient of programs is paid, not saved")
    if cost.span == "lifetime" and cost.per != "child":
        yield found((*path, "per"), f"'{cost.per}'", "a lifetime is counted once: write child")
    if cost.span != "lifetime" and cost.discounted_at is not None:
        yield Finding((*path, "discounted_at"), "only a lifetime's present value is discounted")
    ages = cost.from_age, cost.until_age
    if ages[0] is not None and ages[1] is not None and ages[1].value <= ages[0].value:
        yield Finding((*path, "until_age"), "must be above 'from_age'")


def _share_findings(
    path: tuple[str, ...], shares: Mapping[str, Quantity], prices: Prices
) -> Iterator[Finding]:
    """Shares of payers that exist, which make up all."""
    for payer in shares:
        if payer not in prices.payers:
            yield unknown((*path, payer), "payer", payer, prices.payers)
    total = sum(share.value for share in shares.values())
    if abs(total - 1) > ROUNDING:
        yield found(path, f"shares of {100 * total:.10g}% in all", "they must make 100%")


def _year_findings(
    path: tuple[str, ...], index: str, year: int, prices: Prices
) -> Iterator[Finding]:
    """An index that reaches from one price year to the other."""
    if index not in prices.indices:
        yield unknown((*path, "index"), "index", index, prices.indices)
        return
    if any(_index_findings(index, prices.indices[index])):
        return  # reported where the index stands
    try:
        index_of(index, prices.indices[index]).factor(year, prices.price_year)
    except PriceYearError as error:
        yield Finding((*path, "price_year"), str(error))


RULES: Final[tuple[Rule, ...]] = (
    check_sources,
    check_indices,
    check_trees,
    check_rates,
    check_budget,
    check_costs,
    check_quality_of_life,
    check_top_down,
    check_views,
)
