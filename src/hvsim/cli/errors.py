"""How commands end when the user's input is wrong."""

from __future__ import annotations

from typing import NoReturn

import click


def exit_with(error: Exception | str) -> NoReturn:
    """Print what is wrong, nothing else, and end with status 2."""
    click.echo(str(error), err=True)
    raise SystemExit(2)
