"""The command line: one command per module of this folder, imported when it is called.

Exit status: 0 fine, 1 our fault, 2 the user's input, 130 interrupted (as shells count it).
"""

from __future__ import annotations

import difflib
import gc
from importlib import import_module

import click

from hvsim import __version__

COMMANDS = {
    "check": "Find every problem in files of scenarios, prices and structures.",
    "run": "Run one scenario: tables, and the main ones in brief.",
    "compare": "Run scenarios on the same families and compare them with the first.",
    "evaluate": "Evaluate a run with draws: cost-effectiveness, and what it is worth to know more.",
    "budget": "Bring scenarios to the same money, or to the same hires.",
    "threshold": "Find how strong a program must be for one scenario to do as well as another.",
    "report": "Draw the pictures and write the page of a finished run.",
    "new": "Write a commented starter scenario.",
    "evidence": "Look up what is known, how well, and from where.",
}
"""What each does, here and not in its module, so that help imports no module."""

_OBJECTS = 500_000
"""New objects after which Python looks for rubbish. Nearly all that a command makes at its start
stays (libraries, the scenario): at Python's own 700, looking takes a tenth of a short run.
"""


class Commands(click.Group):
    """The commands, loaded on demand, and what becomes of their errors."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"hvsim.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(COMMANDS)}."
            ctx.fail(f"'{args[0]}' is not a command; {hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            error.show()
            ctx.exit(2)  # whoever raises one has a message about the user's input
        except (click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            click.echo("\nInterrupted.", err=True)
            ctx.exit(130)
        except Exception as error:
            if ctx.params["traceback"]:
                raise
            words = " ".join(str(error).split())
            click.echo(
                f"hvsim failed, and the fault is its own: {type(error).__name__}: {words}\n"
                "To see where, put --traceback after 'hvsim' or set HVSIM_TRACEBACK=1.",
                err=True,
            )
            ctx.exit(1)


@click.group(cls=Commands)
@click.version_option(__version__, prog_name="hvsim")
@click.option(
    "--traceback",
    is_flag=True,
    envvar="HVSIM_TRACEBACK",
    help="Show where an error of hvsim's own came from.",
)
def main(traceback: bool) -> None:
    """What home visiting prevents, whom it reaches, what it costs.

    \b
    hvsim new my-county                       a commented scenario to start from
    hvsim check my-county/*.yaml              is it right?
    hvsim compare TODAY.yaml IDEA.yaml        today's system against an idea

    Exit status: 0 fine, 1 a fault of hvsim's, 2 something to correct in what you gave it,
    130 interrupted.
    """
    gc.set_threshold(_OBJECTS)
