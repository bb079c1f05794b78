"""Birth files as Parquet, each cell as the text that a CSV would hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hvsim.population.records.cells import Cells, IntArray, Texts, gathered, positions
from hvsim.population.records.problems import Complaints

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE = 100_000


def read_parquet(file: Path, wanted: Sequence[str], complaints: Complaints) -> Cells:
    """The wanted columns of a Parquet file.

    Raises
    ------
    ScenarioError
        If it cannot be read, or a column holds what is no text, number or date.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(file) as opened:
            header = opened.schema_arrow.names
            names = [header[place] for place in positions(header, wanted, complaints)]
            complaints.raise_if_any()
            for name in names:
                held = opened.schema_arrow.field(name).type
                if not _is_plain(held):
                    message = f"holds {held}; store texts, whole numbers or dates"
                    complaints.add("types", message, column=name.strip())
            if opened.metadata.num_rows == 0:
                complaints.add("empty", "no births in it")
            complaints.raise_if_any()
            texts = [Texts() for _ in wanted]
            parts: list[list[IntArray]] = [[] for _ in wanted]
            for batch in opened.iter_batches(AT_ONCE, columns=names):
                for name, known, part in zip(names, texts, parts, strict=True):
                    part.append(_numbers(batch.column(name), known))
            places = np.arange(1, opened.metadata.num_rows + 1)
    except (pa.ArrowException, OSError):
        raise complaints.fail("not readable as Parquet; it may be damaged or cut short") from None
    return Cells(gathered(wanted, texts, parts), places)


def _is_plain(held: pa.DataType) -> bool:
    from pyarrow import types

    if types.is_dictionary(held):
        held = held.value_type
    return any(
        is_of(held)
        for is_of in (
            types.is_string,
            types.is_large_string,
            types.is_integer,
            types.is_floating,
            types.is_date,
            types.is_timestamp,
            types.is_null,
        )
    )


def _numbers(cells: pa.Array, known: Texts) -> IntArray:
    import pyarrow as pa
    from pyarrow import types

    if types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    if types.is_timestamp(cells.type):
        cells = cells.cast(pa.date32(), safe=False)
    encoded = cells.cast(pa.string()).fill_null("").dictionary_encode()
    numbers = known.numbers(encoded.dictionary.to_pylist())
    return np.asarray(numbers[encoded.indices.to_numpy()])
