"""The posterior file: joint draws of parameters, as a calibration writes them.

A table in long form, CSV or Parquet, with the columns ``parameter`` (dotted path of a number of
the scenarios), ``draw`` (whole number) and ``value``. Every draw holds every parameter: draws are
used whole, in the order of their numbers, so that what belongs together stays together. A parameter
may also be an axis of structures, and its value the place of an alternative.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from hvsim.scenario.errors import dotted, quoted, suggestion
from hvsim.scenario.kinds import KINDS
from hvsim.scenario.layering import AXIS
from hvsim.scenario.quantities import Quantity
from hvsim.scenario.resolved import quantities
from hvsim.scenario.schema import Scenario
from hvsim.uncertainty.leaves import FIXED, FRAME
from hvsim.uncertainty.structures import Axis, Structures

COLUMNS: Final = ("parameter", "draw", "value")
LONGEST: Final = 10
"""Problems that are told at most."""


class PosteriorError(ValueError):
    """What is wrong with a posterior file, a line each."""


@dataclass(frozen=True)
class Posterior:
    """Joint draws of parameters.

    Attributes
    ----------
    name
        Name of the file.
    content
        Its bytes.
    parameters
        Dotted paths, sorted.
    table
        Shape (draws, parameters).
    """

    name: str
    content: bytes = field(repr=False)
    parameters: tuple[str, ...]
    table: npt.NDArray[np.float64]

    @property
    def sha256(self) -> str:
        """Hash of its bytes."""
        return hashlib.sha256(self.content).hexdigest()

    def __len__(self) -> int:
        return len(self.table)

    def values(self, place: int) -> dict[str, float]:
        """Values of the parameters in a draw, counted from 0."""
        return dict(zip(self.parameters, self.table[place].tolist(), strict=True))


def read_posterior(
    file: str | Path, scenarios: Iterable[Scenario], structures: Structures | None = None
) -> Posterior:
    """Read a posterior file and check it against the scenarios that it is for.

    Parameters
    ----------
    file
        CSV (UTF-8, with a header) or Parquet, by its ending.
    scenarios
        Every parameter must be a number of at least one of them, or an axis of the structures.
    structures
        Axes of which draws pick alternatives. What an alternative sets, a posterior may hold only
        if it also holds that axis (`AXIS` and its name; the place of the alternative, from 0): else
        it was not calibrated for it.

    Raises
    ------
    PosteriorError
        With every problem, or the first of very many.
    """
    path = Path(file)
    written = _table(path)
    frame = written.assign(**{column: _numbers(written[column]) for column in COLUMNS[1:]})
    numbers = {
        dotted(steps): number for scenario in scenarios for steps, number in quantities(scenario)
    }
    problems = _unreadable(written, frame) or _problems(frame, numbers, structures)
    problems = [f"{path}: {problem}" for problem in problems]
    if len(problems) > LONGEST:
        problems = [*problems[:LONGEST], f"{path}: and {len(problems) - LONGEST} more"]
    if problems:
        raise PosteriorError("\n".join(problems))
    wide = frame.pivot(index="draw", columns="parameter", values="value").sort_index()
    names = sorted(map(str, wide.columns))
    return Posterior(
        name=path.name,
        content=path.read_bytes(),
        parameters=tuple(names),
        table=wide[names].to_numpy(np.float64),
    )


def _table(path: Path) -> pd.DataFrame:
    try:
        if path.suffix == ".parquet":
            frame: pd.DataFrame = pq.read_table(path).to_pandas()
        else:
            frame = pd.read_csv(path, dtype=str)
    except OSError as error:
        raise PosteriorError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except (ValueError, pa.ArrowException) as error:
        raise PosteriorError(f"{path}: no readable table: {str(error).splitlines()[0]}") from error
    missing = [column for column in COLUMNS if column not in frame]
    if missing:
        expected = ", ".join(COLUMNS)
        raise PosteriorError(f"{path}: lacks column '{missing[0]}'; write {expected}")
    if frame.empty:
        raise PosteriorError(f"{path}: holds no draw")
    return frame[list(COLUMNS)]


def _numbers(column: pd.Series[Any]) -> npt.NDArray[np.float64]:
    """Numbers of a column, exactly as they are written; not-a-number where there is none."""

    def number(cell: object) -> float:
        try:
            return float(cell)  # type: ignore[arg-type]  # what is no number is told so
        except (TypeError, ValueError):
            return math.nan

    return np.array([number(cell) for cell in column])


def _problems(
    frame: pd.DataFrame, numbers: Mapping[str, Quantity], structures: Structures | None
) -> list[str]:
    """What is wrong with readable rows."""
    found = []
    axes = {} if structures is None else {f"{AXIS}{axis.name}": axis for axis in structures.axes}
    names = list(dict.fromkeys(map(str, frame["parameter"])))
    set_by = _set_by([axis for name, axis in axes.items() if name not in names], numbers)
    for name in names:
        if name in axes:
            continue
        if name.startswith(AXIS):
            hint = suggestion(name, axes) or "; name their file with --structures"
            found.append(f"parameter '{name}' is no axis of structures{hint}")
        elif name not in numbers:
            hint = suggestion(name, numbers)
            found.append(f"parameter '{name}' is no number of the scenarios{hint}")
        elif (steps := name.split(".")[0]) in FRAME:
            found.append(f"parameter '{name}' is not drawn ({FRAME[steps].removeprefix(FIXED)})")
        elif name in set_by:
            found.append(
                f"parameter '{name}' is also set by alternatives of '{AXIS}{set_by[name]}'; let "
                "each draw of the file hold that axis too, or leave the axis out"
            )
    if found:
        return found
    for which, values in frame.groupby("parameter", sort=False)["value"]:
        name = str(which)
        found += (
            _places(name, values, axes[name])
            if name in axes
            else _limits(name, values, numbers[name])
        )
    for name, draw in _repeated(frame):
        found.append(f"parameter '{name}' stands twice in draw {draw:g}")
    draws = set(frame["draw"])
    for which, own in frame.groupby("parameter", sort=False)["draw"]:
        if missing := sorted(draws - set(own)):
            found.append(
                f"parameter '{which!s}' lacks a value in draw {missing[0]:g}"
                + (f" and {len(missing) - 1} others" if len(missing) > 1 else "")
                + "; every draw holds every parameter"
            )
    return found


def _repeated(frame: pd.DataFrame) -> Iterable[tuple[str, float]]:
    repeated = frame[frame.duplicated(["parameter", "draw"])]
    return zip(repeated["parameter"], repeated["draw"], strict=True)


def _unreadable(written: pd.DataFrame, frame: pd.DataFrame) -> list[str]:
    """Cells that cannot be read; rows count from 1, below the header."""
    draw, value = (frame[column].to_numpy(np.float64) for column in COLUMNS[1:])
    bad = {
        "parameter": (written["parameter"].isna().to_numpy(), "a path"),
        "draw": (~(np.isfinite(draw) & (draw == np.round(draw))), "a whole number"),
        "value": (~np.isfinite(value), "a finite number"),
    }
    return [
        f"row {row + 1}: {column}: found {_shown(written[column].iloc[row])}; write {what}"
        for column, (rows, what) in bad.items()
        for row in np.flatnonzero(rows).tolist()
    ]


def _shown(cell: object) -> str:
    return quoted(None if cell != cell else cell)  # a missing number differs from itself


def _limits(name: str, values: pd.Series[float], number: Quantity) -> list[str]:
    """The first value of a parameter that its field cannot hold."""
    kind = KINDS[number.kind]
    bounds = (
        (kind.minimum, values < (kind.minimum or 0), "at least"),
        (kind.above, values <= (kind.above or 0), "above"),
        (kind.maximum, values > (kind.maximum or 0), "at most"),
    )
    return [
        f"parameter '{name}': found {values[outside].iloc[0]:g}; must be {word} {bound:g}"
        for bound, outside, word in bounds
        if bound is not None and outside.any()
    ]


def _places(name: str, values: pd.Series[float], axis: Axis) -> list[str]:
    """The first value of an axis that is no place of an alternative."""
    known = values.isin(range(len(axis.alternatives)))
    if known.all():
        return []
    places = ", ".join(f"{place} ({one.name})" for place, one in enumerate(axis.alternatives))
    return [f"parameter '{name}': found {values[~known].iloc[0]:g}; must be one of {places}"]


def _set_by(axes: Iterable[Axis], numbers: Iterable[str]) -> dict[str, str]:
    """Of numbers that alternatives set, the axis."""
    changed = [
        (path, axis.name)
        for axis in axes
        for alternative in axis.alternatives
        for path in alternative.sets
    ]
    return {
        number: axis
        for number in numbers
        for path, axis in changed
        if number == path or number.startswith((f"{path}.", f"{path}["))
    }
