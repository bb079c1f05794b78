"""How a run is repeated from its folder: the command, and what it needs that is not there."""

from __future__ import annotations

import shlex

from hvsim.runs import Manifest
from hvsim.runs.draws import POSTERIOR, STRUCTURES


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
            options["--posterior"] = f"{POSTERIOR}/{drawn.posterior}"
    if manifest.structures is not None:
        options["--structures"] = STRUCTURES
    files = [f"scenarios/{note.name}.yaml" for note in manifest.scenarios]
    words = ["hvsim", manifest.command, *files]
    words += [word for option in options.items() for word in option]
    lines = [[*words, "--out", "again"]]
    if manifest.command == "run":
        lines.append(["hvsim", "report", "again"])  # `hvsim compare` ends with the page
    return "\n".join(map(shlex.join, lines))


def wanting(manifest: Manifest) -> str:
    """The one thing that the command may need and the folder never holds, in words; else empty."""
    records = manifest.records
    if records is None:
        return ""
    return (
        f"{records.file}, the birth file with SHA-256 {records.sha256}: put it at the path that "
        "the scenarios name"
    )
