"""Files of structures, as ``hvsim check`` reads them.

Their room is imported only where there are structures: plain checks of scenarios do without.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hvsim.cli.telling import labeled
from hvsim.scenario import Scenario, ScenarioError, fragment_schema
from hvsim.scenario.addresses import shown
from hvsim.scenario.errors import listed
from hvsim.scenario.parameters import parameters_csv
from hvsim.scenario.reading import read_file


def holds_structures(path: str) -> bool:
    """Whether a file names axes; an unreadable one does not."""
    file = Path(path).absolute()
    try:
        content: Any = read_file(file, file.name)[0].plain()
    except ScenarioError:
        return False
    return "axes" in content


def structures_told(
    path: str, scenarios: Sequence[Scenario], resolved: bool, parameters: bool
) -> str:
    """What a file of structures says, in the form that was asked for.

    Parameters
    ----------
    path
        The file.
    scenarios
        Scenarios that it must fit, each alternative alone.
    resolved, parameters
        Print it in full; print its weights as CSV.

    Raises
    ------
    ScenarioError
        With every problem.
    """
    from hvsim.uncertainty import Alternatives, load_structures
    from hvsim.uncertainty.structure_files import structures_record, structures_yaml

    structures = load_structures(path)
    if scenarios:
        Alternatives(scenarios, structures).check(())
    if parameters:
        return parameters_csv(structures_record(path))
    if resolved:
        return structures_yaml(structures)
    rows = {
        axis.name: ", ".join(
            f"{one.label} ({one.weight / sum(each.weight for each in axis.alternatives):.0%})"
            for one in axis.alternatives
        )
        for axis in structures.axes
    }
    fits = "name scenarios beside it to see whether it fits them"
    if scenarios:
        fits = f"fits {listed(scenario.name for scenario in scenarios)}"
    said = f"{shown(Path(path).absolute())}: fine. {structures.title}"
    return "\n".join([said, *labeled(rows), f"  {fits}"]) + "\n"


def structures_schema() -> dict[str, Any]:
    """JSON Schema of a file of structures, which may extend another."""
    from hvsim.uncertainty.structures import StructuresRecord

    return fragment_schema(StructuresRecord, "Structural alternatives, or a part of them")
