"""What is wrong with text that is no YAML, and on which line that is to be repaired."""

from __future__ import annotations

from yaml import Mark, MarkedYAMLError


def explained(error: MarkedYAMLError, text: str, quote: tuple[int, int] | None) -> tuple[int, str]:
    """Line to look at, from 1, and what is wrong there.

    Parameters
    ----------
    error
        What the parser says; it often notices lines later.
    text
        The text.
    quote
        Lines on which the last quoted text of several lines began and ended, if there is one.
    """
    problem, context = error.problem or "", error.context or ""
    begun = error.context_mark.line + 1 if error.context_mark else None
    noticed = error.problem_mark.line + 1 if error.problem_mark else begun or 1
    follows = _from(text, error.problem_mark) if error.problem_mark else ""
    if quote is not None and quote[1] == noticed and "expected" in problem:
        return quote[0], f"a quote is opened here and ends only on line {quote[1]}"
    if "quoted scalar" in context and begun:
        return begun, "a quote is opened here and not closed"
    if "flow" in context and begun and begun < noticed:
        where = f", or a comma is missing before line {noticed}" if follows else ""
        return begun, f"a bracket is opened here and not closed{where}"
    if "could not find expected ':'" in problem:
        return begun or noticed, _NO_COLON
    if "mapping values are not allowed" in problem:
        before = _line_before(text, noticed)
        if before and ":" not in before[1] and not before[1].lstrip().startswith("-"):
            return before[0], _NO_COLON
    return noticed, _hint(problem, context, follows)


_NO_COLON = "a field without ':' and a space after it"


def _from(text: str, mark: Mark) -> str:
    """What the parser had before it when it gave up: the text from there, without comments."""
    first, *others = text.split("\n")[mark.line :] or [""]
    lines = [first[mark.column :], *others]
    return "\n".join(line for line in lines if line and not line.lstrip(" ").startswith("#"))


def _line_before(text: str, number: int) -> tuple[int, str] | None:
    """The last line before this one that says anything, and its number."""
    lines = text.split("\n")[: number - 1]
    for place in range(len(lines), 0, -1):
        if lines[place - 1].strip() and not lines[place - 1].lstrip().startswith("#"):
            return place, lines[place - 1]
    return None


def _hint(problem: str, context: str, follows: str) -> str:
    if "mapping values are not allowed" in problem:
        return "a ':' too many, or a wrong indentation; quote texts that hold ': '"
    if "cannot start any token" in problem and follows.startswith("\t"):
        return "a tab; YAML is indented with spaces"
    if "cannot start any token" in problem:
        return f"quote texts that begin with '{follows[:1]}'"
    if "tag" in context:
        return "tags ('!...') have no place in a scenario; quote texts that begin with '!'"
    if not follows:
        return "a quote or bracket is not closed"
    if "expected" in problem:
        return "check indentation, quotes and brackets of this line and the one before"
    return problem
