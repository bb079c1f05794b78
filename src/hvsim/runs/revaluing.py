"""Dollars stored in a run folder, when it is written and by other prices later."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa

from hvsim.economics import Prices, ValuationError, prices_hash, prices_yaml
from hvsim.runs.files import whole, write_table, write_text
from hvsim.runs.manifest import Manifest, Valued
from hvsim.runs.reading import Run, RunFolderError, read_run
from hvsim.runs.summary import summary_csv
from hvsim.runs.valuing import value

FILES: Final = ("prices.yaml", "valuation.parquet")
"""What valuation adds to a run folder."""


def store_valuation(run: Run, prices: Prices) -> Manifest:
    """Write the dollars of a run beside its tables.

    Returns
    -------
    The run's manifest, which says by which prices; it is not written.
    """
    valuation = value(run, prices)
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
    """Value a finished run by other prices; nothing is simulated.

    Its dollars, the rows of dollars in its summary and what its manifest says of prices change.

    Raises
    ------
    RunFolderError
        If the folder holds no complete run, or the prices do not fit it.
    """
    run = read_run(folder)
    try:
        manifest = store_valuation(run, prices)
    except ValuationError as error:
        raise RunFolderError(f"the run in {run.folder} cannot be valued: {error}") from error
    again = Run(run.folder, manifest)
    write_text(run.folder / "summary.csv", summary_csv(again))
    write_text(run.folder / "manifest.json", manifest.to_json())
    return again
