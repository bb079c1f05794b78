"""Dollars stored in a run folder, when it is written and by other prices later."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa

from hvsim.economics import Prices, Valuation, ValuationError, prices_hash, prices_yaml
from hvsim.runs.files import whole, write_table, write_text
from hvsim.runs.locking import only_writer
from hvsim.runs.manifest import Manifest, Valued
from hvsim.runs.reading import Run, RunFolderError, read_run
from hvsim.runs.summary import summary_csv
from hvsim.runs.valuing import value

FILES: Final = ("prices.yaml", "valuation.parquet")
"""What valuation adds to a run folder."""

_CHANGING: Final = (
    "other prices were being put in place of its own, and that was interrupted; value it with "
    "hvsim report --prices"
)
"""Said of a run until all of its dollars are by the same prices."""


def store_valuation(run: Run, prices: Prices, valuation: Valuation) -> Manifest:
    """Write the dollars of a run beside its tables.

    Parameters
    ----------
    run
        Whose they are.
    prices, valuation
        What `hvsim.runs.valuing.value` made by these prices.

    Returns
    -------
    The run's manifest, which says by which prices; it is not written.
    """
    write_text(run.folder / "prices.yaml", prices_yaml(prices))
    with whole(run.folder / "valuation.parquet") as path:
        write_table(path, pa.Table.from_pandas(valuation.costs, preserve_index=False))
    valued = Valued(
        title=prices.title,
        price_year=prices.price_year,
        sha256=prices_hash(prices),
        unused=valuation.unused,
        unpriced=valuation.unpriced,
        remarks=valuation.remarks,
    )
    return run.manifest.model_copy(update={"valued": valued, "not_valued": ""})


def revalue(folder: str | Path, prices: Prices) -> Run:
    """Value a finished run by other prices, and evaluate it anew; nothing is simulated.

    Its dollars, the rows of dollars in its summary, its evaluation and what its manifest says of
    prices change; nothing does if the prices are refused.

    Raises
    ------
    RunFolderError
        If the folder holds no complete run or somebody writes to it, or if the prices do not fit
        the run or the question of its evaluation.
    """
    from hvsim.runs.evaluating import EvaluationError, evaluate_anew, store  # a heavy room

    run = read_run(folder)
    try:
        valuation = value(run, prices)
        evaluation = evaluate_anew(run, prices)
    except ValuationError as error:
        raise RunFolderError(f"the run in {run.folder} cannot be valued: {error}") from error
    except EvaluationError as error:
        raise RunFolderError(
            f"the run in {run.folder} cannot be evaluated anew: {error}; ask something else first, "
            "with hvsim evaluate"
        ) from error
    with only_writer(run.folder):
        changing = run.manifest.model_copy(update={"valued": None, "not_valued": _CHANGING})
        write_text(run.folder / "manifest.json", changing.to_json())
        again = Run(run.folder, store_valuation(run, prices, valuation))
        write_text(run.folder / "summary.csv", summary_csv(again))
        if evaluation is not None:
            store(again, evaluation)
        write_text(run.folder / "manifest.json", again.manifest.to_json())
    return again
