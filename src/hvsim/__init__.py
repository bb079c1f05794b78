"""hvsim: what home visiting for young families prevents, whom it reaches, what it costs.

>>> import hvsim
>>> scenario = hvsim.load_scenario("scenarios/la-county/today.yaml")  # doctest: +SKIP
>>> ledger = hvsim.simulate(scenario, seed=1, scale=0.2)  # doctest: +SKIP

Names are resolved on first use (PEP 562), so that ``import hvsim`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hvsim.economics import load_prices
    from hvsim.evidence import load_evidence
    from hvsim.execution import compare
    from hvsim.population import families_of, synthesize
    from hvsim.reporting.reporting import report
    from hvsim.runs.evaluating import evaluate
    from hvsim.runs.valuing import value_run
    from hvsim.scenario import load_scenario
    from hvsim.simulation import simulate

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "compare",
    "evaluate",
    "families_of",
    "load_evidence",
    "load_prices",
    "load_scenario",
    "report",
    "simulate",
    "synthesize",
    "value_run",
]

_HOMES = {
    "compare": "hvsim.execution",
    "evaluate": "hvsim.runs.evaluating",
    "families_of": "hvsim.population",
    "load_evidence": "hvsim.evidence",
    "load_prices": "hvsim.economics",
    "load_scenario": "hvsim.scenario",
    "report": "hvsim.reporting.reporting",
    "simulate": "hvsim.simulation",
    "synthesize": "hvsim.population",
    "value_run": "hvsim.runs.valuing",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'hvsim' has no attribute '{name}'")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
