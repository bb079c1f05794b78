"""The CHEERS 2022 reporting checklist, filled from a run.

Topics of the 28 items in our own words, after Husereau et al. 2022, BMJ 376: e067975, doi
10.1136/bmj-2021-067975. What a run cannot know says so, and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hvsim.economics import Prices
from hvsim.months import parse_month
from hvsim.reporting.assumptions import Stated
from hvsim.reporting.benefits import lower
from hvsim.reporting.figures import Figures
from hvsim.reporting.style import Table
from hvsim.reporting.sure import Sure
from hvsim.reporting.words import count, dollars, listed, month_name, percent, price, quoted, span
from hvsim.runs.evaluating import QALYS

NOT_REPORTED: Final = "not reported"

_TOPICS: Final = (
    "Title says what is evaluated and compared",
    "Abstract",
    "Background and question",
    "Analysis plan",
    "Population",
    "Setting",
    "Strategies compared",
    "Perspective",
    "Time horizon",
    "Discounting",
    "Choice of outcomes",
    "How outcomes are measured",
    "How outcomes are valued",
    "Resources and unit costs",
    "Currency and price year",
    "Model: what kind, why, where described",
    "Analysis and assumptions",
    "Differences among groups",
    "Who gains and who loses",
    "Uncertainty: how treated",
    "Involving families and others: how",
    "Parameters: values, ranges, sources",
    "Main results",
    "What uncertainty does to results",
    "What involving families and others changed",
    "Findings, limits, transfer to elsewhere",
    "Funding",
    "Conflicts of interest",
)


def cheers(figures: Figures, values: Sequence[Stated], sure: Sure | None) -> Table:
    """Where each item is answered, with the run's own facts; or that it is not, and why.

    Parameters
    ----------
    figures
        Of the run.
    values
        What its scenarios assume and take from sources.
    sure
        Its evaluation, if it has draws.
    """
    prices = figures.run.prices if figures.manifest.valued is not None else None
    answers = [
        *_frame(figures),
        *_methods(figures, prices, sure),
        *_analysis(figures, values, sure),
        *_results(figures, sure),
    ]
    rows = [
        (str(number), topic, answer)
        for number, (topic, answer) in enumerate(zip(_TOPICS, answers, strict=True), start=1)
    ]
    missing = sum(answer.startswith(NOT_REPORTED) for answer in answers)
    note = (
        "Items of CHEERS 2022 (Husereau et al. 2022, doi 10.1136/bmj-2021-067975) in short words; "
        f"{missing} of {len(rows)} are for the authors of a report to add."
    )
    return Table(("Item", "Topic", "Where, and what"), tuple(rows), note)


def _frame(figures: Figures) -> list[str]:
    """Items 1 to 7: what is asked, of whom, where."""
    manifest = figures.manifest
    births = count(figures.value(manifest.scenarios[0].name, "births"))
    first, last = (month_name(parse_month(month)) for month in (manifest.start, manifest.end))
    whose = "a birth file" if manifest.records is not None else "drawn as the place's"
    questions = [note.question for note in manifest.scenarios if note.question]
    plan = ", ".join(f"{note.name} {note.sha256[:8]}" for note in manifest.scenarios)
    titles = [quoted(note.title) for note in manifest.scenarios]
    return [
        "Heading of the page: place, strategies, comparator.",
        "First screen: the answer, strategies side by side, how sure.",
        " ".join(questions) or f"{NOT_REPORTED}: no scenario states its question",
        f"{NOT_REPORTED}: a run holds no plan made before it. What was run is fixed by scenarios "
        f"and their hashes ({plan}), seed {manifest.seed} and the question in evaluation.",
        f"{births} births from {first} to {last}, families {whose}; race and ethnicity, payer, "
        "area and risk in chapter “Who gets places, and who has the need”.",
        f"{manifest.place}; doors, hubs and programs of the scenarios.",
        f"{listed(titles)}; the first is the baseline. “Each scenario in words”.",
    ]


def _methods(figures: Figures, prices: Prices | None, sure: Sure | None) -> list[str]:
    """Items 8 to 16: perspective, time, discounting, outcomes, costs, model."""
    manifest = figures.manifest
    measures = [lower(measure.label) for measure in figures.judged]
    follow_up = (
        f"Children are followed to {manifest.follow_up_months} months of age; programs' costs to "
        "the end of the fiscal year of the last births."
    )
    outcomes = f"{len(measures)} outcomes: {listed(measures)}."
    measured = (
        "Counted in the simulation, family by family; effects of visits from trials, risks from "
        "vital and agency statistics: “Sources”."
    )
    model = (
        "Agent-based: families meet doors, wait, are visited and compete for places, which a "
        f"cohort model cannot show. docs/model.md, hvsim {manifest.versions.get('hvsim', '')}."
    )
    if prices is None:
        why = f"{NOT_REPORTED}: the run has no prices ({manifest.not_valued})"
        return [why, follow_up, why, outcomes, measured, why, why, why, model]
    settings, views = prices.discounting, prices.views
    seen = f"{views.fiscal.label}; {views.lifetime.label}."
    worth = f"{NOT_REPORTED}: outcomes are counted, and not valued by preferences"
    if sure is not None:
        settled = sure.evaluation.settled
        whose = settled.perspective_label
        seen = f"{whose[:1].upper()}{whose[1:]}. By payer: {seen}"
        ends = span(price(settled.wtp[0]), price(settled.wtp[-1]))
        worth = f"{ends} {sure.per}{sure.named and f' ({sure.named})'}, shown over that range."
        if settled.effect == QALYS:
            lost = [loss.label for loss in prices.quality_of_life.values()]
            worth = f"QALYs by “quality_of_life” of the prices: {listed(lost)}. {worth}"
        else:
            worth = f"No preferences and no QALYs: {worth}"
    fiscal = f" The fiscal view holds {views.fiscal.years} years." if views.fiscal.years else ""
    effects = settings.of_effects
    assert manifest.valued is not None
    catalog = [
        prices.costs[name].label
        for name in dict.fromkeys([*views.fiscal.counts, *views.lifetime.counts])
    ]
    unpriced = (
        f" {len(manifest.valued.unpriced)} measures have no price."
        if manifest.valued.unpriced
        else ""
    )
    index = prices.indices[prices.budget.index].label
    return [
        seen,
        follow_up + fiscal,
        f"Costs {100 * settings.costs_per_year.value:g}% and effects {100 * effects.value:g}% a "
        f"year; first year: {settings.first_year.replace('-', ' ')}.",
        outcomes,
        measured,
        worth,
        f"What streams pay, from the run; unit costs of “{prices.title}”: {listed(catalog)}."
        f"{unpriced} File prices.yaml holds sources and payers.",
        f"USD of {prices.price_year}; other years by {index} and the index that each cost names.",
        model,
    ]


def _analysis(figures: Figures, values: Sequence[Stated], sure: Sure | None) -> list[str]:
    """Items 17 to 22: analysis, groups, uncertainty, parameters."""
    manifest = figures.manifest
    assumed = sum(bool(value.assumption) for value in values)
    facts = len({fact for value in values for fact in value.evidence})
    replicates = len(manifest.seeds)
    sets = listed([draw.effects for draw in manifest.draws])
    how = f"Effects of programs {sets}; {replicates} x chance, by pairs of the same family"
    analysis = "Differences from the baseline, family by family, with the same luck."
    drawn = manifest.parameter_draws
    if drawn is not None:
        how += f"; {drawn.count} draws of parameters"
        how += f", joint draws of {drawn.posterior}" if drawn.posterior else ""
    if sure is not None:
        analysis += (
            " Value of information by regression on the draws: splines, a Gaussian process, or "
            "ridge regression where parameters are many."
        )
        if any(name.startswith("structure") for name in sure.evaluation.uncertainty["kind"]):
            how += "; structures mixed over draws"
    return [
        f"{analysis} {assumed} assumed values: “What is assumed”.",
        "By race and ethnicity, payer, area and risk group: “Look closer”, and the chapter on "
        "who gets places.",
        "Who gets places against who has the need, with concentration indices; outcomes are not "
        "weighted by group.",
        f"{how}.",
        f"{NOT_REPORTED}: nothing in a run tells who was asked; say it in the report",
        f"{assumed} assumptions and {facts} facts: “What is assumed”, “Sources”; every value in "
        "scenarios/*.yaml"
        + (", what was drawn in draws/parameters.parquet." if drawn is not None else "."),
    ]


def _results(figures: Figures, sure: Sure | None) -> list[str]:
    """Items 23 to 28: results, limits, and what only authors know."""
    main, moved = "First screen, and chapters on outcomes and money.", ""
    if sure is None:
        shares = [
            figures.share(note, m) for note in figures.strategies for m in [figures.main] if m
        ]
        ranges = "; ".join(share.said() for share in shares)
        moved = f"Effects alone: {ranges}" if ranges else f"{NOT_REPORTED}: nothing was varied"
    else:
        main = f"{sure.choices()[0]} Chapter “How sure are we, and is it worth it”."
        moved = (
            f"{quoted(sure.best.title)} does more than the baseline in "
            f"{percent(100 * sure.helps)} of draws; knowing everything would be worth "
            f"{dollars(sure.worth)} at {sure.price}."
        )
    return [
        main,
        moved,
        f"{NOT_REPORTED}: as item 21",
        "“What is not modeled” and “What drives the answer”. How close the simulation is to what "
        "is known of the place, and comparison with other studies, are for the authors.",
        f"{NOT_REPORTED}: a run does not know who paid for it",
        f"{NOT_REPORTED}: for the authors to declare",
    ]
