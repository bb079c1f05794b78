"""``hvsim check``: every problem of files of scenarios, prices, structures; or what they say."""

from __future__ import annotations

import json
import textwrap

import click

from hvsim.cli.errors import exit_with
from hvsim.cli.prices import holds_prices, prices_schema, prices_told
from hvsim.cli.structures import holds_structures, structures_schema, structures_told
from hvsim.cli.telling import WIDTH, labeled, provenance
from hvsim.months import fiscal_year, fiscal_year_label, format_month
from hvsim.scenario import (
    OfferRule,
    Scenario,
    ScenarioError,
    complete_schema,
    fragment_schema,
    load_scenario,
    remarks,
    resolved_yaml,
)
from hvsim.scenario.addresses import shown
from hvsim.scenario.parameters import parameters_csv

SCHEMAS = {
    "fragment": fragment_schema,
    "complete": complete_schema,
    "prices": prices_schema,
    "structures": structures_schema,
}


@click.command()
@click.argument("scenarios", nargs=-1, metavar="SCENARIO...")
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="PATH=VALUE",
    help="Replace a value; VALUE is written as in a file. May be given several times.",
)
@click.option("--resolved", is_flag=True, help="Print each scenario in full, with its layers.")
@click.option(
    "--parameters",
    is_flag=True,
    help="Print every number with unit, range, what draws take it from, source and how it is "
    "known, as CSV.",
)
@click.option(
    "--schema",
    type=click.Choice(list(SCHEMAS)),
    help="Print the JSON Schema of parts or complete scenarios, prices or structures, and end.",
)
def check(
    scenarios: tuple[str, ...],
    overrides: tuple[str, ...],
    resolved: bool,
    parameters: bool,
    schema: str | None,
) -> None:
    """Check files of scenarios, of prices and of structures, and list every problem with its line.

    Structures are checked against the scenarios named beside them. Without problems, say what each
    file holds, and what is legal in it but perhaps not meant.
    """
    if schema is not None:
        click.echo(json.dumps(SCHEMAS[schema](), indent=2, ensure_ascii=False))
        return
    if not scenarios:
        exit_with("Name at least one scenario file: hvsim check SCENARIO...")
    problems: list[str] = []
    loaded: list[Scenario] = []
    # Structures come last, when what they are to fit is known.
    for path in sorted(scenarios, key=holds_structures):
        try:
            if holds_structures(path):
                text = structures_told(path, loaded, resolved, parameters)
            elif holds_prices(path):
                text = prices_told(path, overrides, resolved, parameters)
            else:
                loaded.append(load_scenario(path, overrides))
                text = scenario_told(loaded[-1], resolved, parameters)
            click.echo(text, nl=False)
        except ScenarioError as error:
            problems += [str(problem) for problem in error.problems]
    if problems:  # files that extend the same one have its problems in common
        exit_with("\n".join(dict.fromkeys(problems)))


def scenario_told(scenario: Scenario, resolved: bool, parameters: bool) -> str:
    """What a scenario says, in the form that was asked for."""
    born = records(scenario)
    if parameters:
        from hvsim.uncertainty import ways_drawn  # plain checks do without

        return parameters_csv(scenario, ways_drawn(scenario))
    if resolved:
        return resolved_yaml(scenario)
    return "\n".join([summary(scenario), *born]) + "\n"


def summary(scenario: Scenario) -> str:
    """What a scenario holds, in a few lines."""
    period = f"{format_month(scenario.start)} to {format_month(scenario.end)}"
    programs = [
        f"{name} ({_offer(program.offer_to)})" for name, program in scenario.programs.items()
    ]
    rows = {
        "place": scenario.place,
        "period": f"births {period}, children followed for {scenario.follow_up.value:g} months",
        "programs": ", ".join(programs) or "none",
        "doors": ", ".join(scenario.doors) or "none",
        "providers": ", ".join(scenario.providers) or "none",
        "funding": ", ".join(_funding_by_year(scenario)) or "none",
        "numbers": provenance(scenario),
    }
    lines = [f"{shown(scenario.source)}: fine. {scenario.title}", *labeled(rows)]
    if notes := remarks(scenario):
        lines.append("  Look at")
        for note in notes:
            lines += textwrap.wrap(
                str(note),
                WIDTH,
                initial_indent=" " * 4,
                subsequent_indent=" " * 6,
                break_long_words=False,
                break_on_hyphens=False,
            )
    return "\n".join(lines)


def records(scenario: Scenario) -> list[str]:
    """What the scenario's birth file holds, if it has one; all of it is read."""
    if scenario.population.records is None:
        return []
    from hvsim.population import read_records  # only scenarios with a birth file need the room

    lines = [f"  {'births':<10} {line}" for line in read_records(scenario).report.lines()]
    return [lines[0], *(line.replace("births", "      ", 1) for line in lines[1:])]


def _offer(rule: OfferRule) -> str:
    return f"screened {rule.level}" if rule.kind == "screened" else rule.kind


def _funding_by_year(scenario: Scenario) -> list[str]:
    """Dollars that the streams hold in each fiscal year of the reported period."""
    dollars: dict[int, float] = {}
    for month in range(scenario.start, scenario.end + 1):
        for stream in scenario.funding.values():
            if stream.from_ <= month <= stream.to:
                year = fiscal_year(month, scenario.fiscal_year_starts)
                dollars[year] = dollars.get(year, 0) + stream.per_year.at(month) / 12
    return [
        f"{fiscal_year_label(year, scenario.fiscal_year_starts)} {amount / 1e6:,.1f} M USD"
        for year, amount in sorted(dollars.items())
    ]
