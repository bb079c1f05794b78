"""Going on with a run that was interrupted."""

from __future__ import annotations

from pathlib import Path

from hvsim.economics import Prices, prices_hash
from hvsim.runs.locking import only_writer
from hvsim.runs.manifest import Manifest
from hvsim.runs.reading import Run, RunFolderError, read_manifest
from hvsim.runs.writing import discard_parts


def finished_run(folder: Path, about: Manifest, prices: Prices | None) -> Run | None:
    """The run, if the folder holds it and it is complete; none if something is left to do.

    Parameters
    ----------
    folder
        Where it may be.
    about
        What is to be run.
    prices
        Prices that somebody chose for it; a complete run keeps its own.

    Raises
    ------
    RunFolderError
        If the folder holds another run: other scenarios, luck, draws or software; if the run is
        complete, and valued by other prices than those chosen; if somebody still writes to it.
    """
    found = read_manifest(folder)
    if found is None:
        return None
    ours, theirs = about.model_dump(), found.model_dump()
    settled_later = ("status", "valued", "not_valued")
    differ = [name for name in ours if name not in settled_later and ours[name] != theirs[name]]
    if differ:
        told = "\n".join(f"  {line}" for name in differ for line in _told(name, about, found))
        raise RunFolderError(
            f"the run in {folder} is another one, and cannot be resumed:\n{told}\n"
            "name another folder with --out, or begin anew with --overwrite"
        )
    if found.status != "complete":
        return None
    if prices is not None and (found.valued is None or found.valued.sha256 != prices_hash(prices)):
        raise RunFolderError(
            f"the run in {folder} is complete, and its dollars are not by these prices; make them "
            f"anew with hvsim report {folder} --prices FILE"
        )
    with only_writer(folder):
        discard_parts(folder)  # of whom was interrupted at the very end
    return Run(folder, found)


def _told(name: str, about: Manifest, found: Manifest) -> list[str]:
    """How two manifests differ in a field, short."""
    if name == "scenarios":
        theirs = {note.name: note.sha256 for note in found.scenarios}
        ours = {note.name: note.sha256 for note in about.scenarios}
        changed = [own for own in ours | theirs if ours.get(own) != theirs.get(own)]
        return [f"scenario '{own}' has another content" for own in changed] or ["scenarios"]
    if name == "versions":
        return [
            f"{library}: now {now}, then {found.versions.get(library)}"
            for library, now in about.versions.items()
            if found.versions.get(library) != now
        ]
    now, then = getattr(about, name), getattr(found, name)
    if isinstance(now, str | int | float):
        return [f"{name}: now {now}, then {then}"]
    if name == "parameter_draws" and now is not None and then is not None:
        return [
            f"{part}: now {getattr(now, part)}, then {getattr(then, part)}"
            for part in type(now).model_fields
            if getattr(now, part) != getattr(then, part)
        ]
    return [f"{name} is not the same"]
