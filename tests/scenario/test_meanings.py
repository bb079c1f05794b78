"""What fields are, in the words of the schema."""

from pathlib import Path

import pytest

from hvsim.scenario import load_scenario
from hvsim.scenario.errors import dotted
from hvsim.scenario.meanings import meaning
from hvsim.scenario.resolved import quantities

PLACE = Path(__file__).parents[2] / "scenarios" / "la-county"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("chains.child-protection.detected", "Probability that an episode is reported."),
        ("outcomes.harm.log_hazard_ratios.medicaid", "By attribute level, relative to"),
        ("programs.welcome-baby.levels[2].visits", "Visits"),
        ("screening.flagged", "Share of the reference population"),
    ],
)
def test_a_path_leads_to_what_its_field_is(path: str, said: str) -> None:
    assert meaning(path).startswith(said)


@pytest.mark.parametrize("path", ["", "no", "chains.x.no", "costs.harm.amount", "title.x"])
def test_what_is_no_field_means_nothing(path: str) -> None:
    assert meaning(path) == ""


def test_every_number_of_a_scenario_has_a_meaning() -> None:
    scenario = load_scenario(PLACE / "universal-targeted.yaml")
    paths = [dotted(path) for path, _ in quantities(scenario)]
    assert len(paths) > 500
    assert [path for path in paths if not meaning(path)] == []
