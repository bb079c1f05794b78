"""Sets of parameters: by what they are about, or as somebody names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from hvsim.runs.evaluating.question import EvaluationError
from hvsim.scenario.layering import AXIS

FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "how the world works": (f"{AXIS}*", "structure.*"),
    "effects of visits": (
        "programs.*.effects.*",
        "programs.*.dose_shape",
        "programs.*.fade_half_life",
    ),
    "seeing and reporting": ("chains.*", "programs.*.surveillance.*"),
    "staff and money": ("programs.*.staff.*", "labor.*", "providers.*", "funding.*"),
    "who accepts, waits and stays": ("programs.*",),
    "doors, hubs and the screen": ("doors.*", "hubs.*", "screening.*"),
    "risks of families": ("outcomes.*", "frailty.*"),
    "prices and quality of life": ("costs.*", "quality_of_life.*"),
}
"""By fields of scenario files and of prices; a parameter belongs to the first that fits."""

OTHERS: Final = "other parameters"


def families(parameters: Sequence[str]) -> dict[str, list[str]]:
    """Parameters by what they are about, in the order of `FAMILIES`; no set is empty."""
    found: dict[str, list[str]] = {name: [] for name in (*FAMILIES, OTHERS)}
    for parameter in parameters:
        found[family_of(parameter)].append(parameter)
    return {name: own for name, own in found.items() if own}


def family_of(parameter: str) -> str:
    """What a parameter is about."""
    return next((name for name, own in FAMILIES.items() if _fits(parameter, own)), OTHERS)


def chosen(parameters: Sequence[str], groups: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Parameters by sets that somebody names by patterns; a parameter may stand in several.

    Raises
    ------
    EvaluationError
        If a pattern fits no parameter.
    """
    for name, patterns in groups.items():
        for pattern in patterns:
            if not any(_fits(parameter, [pattern]) for parameter in parameters):
                near = ", ".join(parameters[:3])
                raise EvaluationError(
                    f"group '{name}': '{pattern}' fits no parameter that was drawn; they are "
                    f"written as in draws/parameters.parquet, for example {near}"
                )
    return {
        name: [parameter for parameter in parameters if _fits(parameter, patterns)]
        for name, patterns in groups.items()
    }


def _fits(parameter: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(parameter, pattern) for pattern in patterns)
