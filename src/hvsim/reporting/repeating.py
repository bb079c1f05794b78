"""How a run is repeated from its folder: the command, and what it needs that is not there."""

from __future__ import annotations

import shlex
from typing import Final

from hvsim.runs import Manifest, Run

_STRUCTURES: Final = "structures.yaml"
"""What the command calls a file whose content is stored and whose name is not."""


def command(manifest: Manifest) -> str:
    """The commands that repeat a run, and its page, from within its folder."""
    options = {
        "--seed": str(manifest.seed),
        "--scale": f"{manifest.scale:.10g}",
        "--replicates": str(len(manifest.seeds)),
    }
    if manifest.valued is not None:
        options["--prices"] = "prices.yaml"
    drawn = manifest.parameter_draws
    if drawn is not None:
        options["--draws"] = str(drawn.count)
        if drawn.posterior is not None:
            options["--posterior"] = drawn.posterior
    if manifest.structures is not None:
        options["--structures"] = _STRUCTURES
    files = [f"scenarios/{note.name}.yaml" for note in manifest.scenarios]
    words = ["hvsim", manifest.command, *files]
    words += [word for option in options.items() for word in option]
    lines = [[*words, "--out", "again"]]
    if manifest.command == "run":
        lines.append(["hvsim", "report", "again"])  # `hvsim compare` ends with the page
    return "\n".join(map(shlex.join, lines))


def wanting(run: Run) -> list[str]:
    """What the command needs and the folder does not hold, each in words; empty if nothing."""
    manifest, drawn = run.manifest, run.manifest.parameter_draws
    found = []
    if (records := manifest.records) is not None:
        found.append(
            f"{records.file}, the birth file with SHA-256 {records.sha256}: put it at the path "
            "that the scenarios name"
        )
    if drawn is not None and drawn.posterior is not None:
        found.append(
            f"{drawn.posterior}, the file of joint draws with SHA-256 {drawn.posterior_sha256}"
        )
    if manifest.structures is not None:
        found.append(
            f"{_STRUCTURES}, the file of structures “{manifest.structures.title}”: what it says "
            "stands in manifest.json"
        )
    return found
