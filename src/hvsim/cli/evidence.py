"""``hvsim evidence``: what is known, how well, from where."""

from __future__ import annotations

import csv
import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence

import click

from hvsim.evidence import COLUMNS, SUBJECTS, VERIFIED, Evidence, Fact, load_evidence

_MOST_CARDS = 20  # more than a few screens is a list nobody reads
_WIDEST = 120
_INDENT = "        "  # ids are up to six letters long, and the eye finds them in the margin

_LOOK_UP = {
    "hvsim evidence postpartum depression": "facts with all of these words",
    "hvsim evidence POP260": "one fact in full",
    "hvsim evidence --subject costs --all": "a whole subject",
    "hvsim evidence --csv > facts.csv": "everything, for other programs",
}
_EXAMPLES = [f"{command:<38}{finds}" for command, finds in _LOOK_UP.items()]


@click.command(epilog="\b\n" + "\n".join(_EXAMPLES))
@click.argument("search", nargs=-1)
@click.option(
    "--subject",
    metavar="SUBJECT",
    type=click.Choice(list(SUBJECTS)),
    help=f"Only facts on one subject: {', '.join(SUBJECTS)}.",
)
@click.option("--all", "show_all", is_flag=True, help=f"All matches, not the best {_MOST_CARDS}.")
@click.option("--csv", "as_csv", is_flag=True, help="All matches as CSV, for other programs.")
def evidence(search: tuple[str, ...], subject: str | None, show_all: bool, as_csv: bool) -> None:
    """Look up what is known, how well, and from where.

    SEARCH is one or more words, all of which must occur in a fact, or the id of a fact. Without
    it you see what there is.
    """
    known = load_evidence()
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    named = [known[word.upper()] for word in search if word.upper() in known]
    by_id = bool(named) and len(named) == len(search)
    found = named if by_id else known.search(" ".join(search)) if search else list(known.values())
    if subject:
        found = [fact for fact in found if fact.subject == subject]

    if as_csv:
        _write_csv(found)
    elif not found:
        click.echo(_nothing_found(known, search, subject, width))
    elif by_id:
        click.echo("\n\n".join(_full_card(fact, width) for fact in found))
    elif search or subject:
        shown = found if show_all else found[:_MOST_CARDS]
        click.echo("\n\n".join(_card(fact, width) for fact in shown))
        click.echo("\n" + _count(len(shown), len(found)))
    else:
        click.echo(_overview(found, width))


def _overview(facts: Sequence[Fact], width: int) -> str:
    """Subjects, how many facts each holds, and how those are known."""
    counts = Counter((fact.subject, fact.verified) for fact in facts)
    marks = [mark for mark in VERIFIED if any(counts[subject, mark] for subject in SUBJECTS)]
    column = max(map(len, SUBJECTS))

    def line(name: str, numbers: Iterable[int | str], words: str) -> str:
        cells = "".join(f"{number:>9}" for number in numbers)
        return _wrap(words, width, f"{name:<{column}}{cells}   ")

    lines = [f"{len(facts):,} facts, each with its source.", ""]
    lines.append(click.style(line("subject", ("facts", *marks), "what it holds"), bold=True))
    for subject, holds in SUBJECTS.items():
        by_mark = [counts[subject, mark] for mark in marks]
        lines.append(line(subject, (sum(by_mark), *by_mark), holds))
    lines.append("")
    lines += [f"{mark:<{column}}  {VERIFIED[mark]}" for mark in marks]
    lines += ["", "Look up:", *(f"  {example}" for example in _EXAMPLES)]
    return "\n".join(lines)


def _card(fact: Fact, width: int) -> str:
    """A search result: what and how much first, then whom it is about and who says so."""
    title = _wrap(fact.parameter, width, f"{fact.id:<{len(_INDENT)}}")
    note = f"Note: {fact.note}" if fact.note else ""
    source = f"{VERIFIED[fact.verified].capitalize()}: {fact.citation}"
    lines = (fact.amount, fact.context, note, source, fact.url)
    body = [_wrap(words, width) for words in lines if words]
    return "\n".join([click.style(title, bold=True), *body])


def _full_card(fact: Fact, width: int) -> str:
    """Everything about one fact, label by label."""
    entries = {
        "amount": fact.amount,
        "place": fact.place,
        "program": fact.program,
        "population": fact.population,
        "year": fact.year,
        "sample": f"{fact.n:,}" if fact.n is not None else "",
        "how known": VERIFIED[fact.verified],
        "source": fact.citation,
        "page": fact.url,
        "note": fact.note,
        "subject": fact.subject,
    }
    label_width = max(map(len, entries)) + 2
    title = _wrap(fact.parameter, width, f"{fact.id:<{len(_INDENT)}}")
    lines = [
        _wrap(words, width, f"{_INDENT}{label:<{label_width}}")
        for label, words in entries.items()
        if words
    ]
    return "\n".join([click.style(title, bold=True), *lines])


def _count(shown: int, found: int) -> str:
    if shown < found:
        return f"{shown} of {found} facts, the closest first. Add words, or --all to see the rest."
    return "1 fact." if found == 1 else f"{found} facts."


def _nothing_found(
    known: Evidence, search: tuple[str, ...], subject: str | None, width: int
) -> str:
    """Why nothing was found, and what would be."""
    elsewhere = len(known.search(" ".join(search)))
    missing = [word for word in search if not known.search(word)]
    if elsewhere:
        text = f"Nothing under '{subject}', but {elsewhere} elsewhere: leave --subject out."
    elif missing:
        text = f"No fact holds {' or '.join(map(repr, missing))}."
        if near := known.suggest(" ".join(missing)):
            text += f" Words near it: {', '.join(near)}."
        elif any(map(str.isalpha, missing)):
            text += " 'hvsim evidence' alone shows what there is."
        else:
            text += " 'hvsim evidence --all --subject SUBJECT' lists a subject with its ids."
    else:
        alone = ", ".join(f"{word} ({len(known.search(word))})" for word in search)
        text = f"No fact holds all of these words. Facts with each alone: {alone}."
    return _wrap(text, width, "")


def _wrap(words: str, width: int, lead: str = _INDENT) -> str:
    """Fold `words` behind `lead`; links and hyphenated words stay whole, to be copied."""
    return textwrap.fill(
        words,
        width,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _write_csv(facts: Iterable[Fact]) -> None:
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(fact.row() for fact in facts)
