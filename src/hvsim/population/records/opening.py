"""Which kind of file a birth file is, told from its first bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from hvsim.population.records.cells import Cells
from hvsim.population.records.delimited import read_delimited
from hvsim.population.records.parquet import read_parquet
from hvsim.population.records.problems import Complaints
from hvsim.scenario.addresses import is_folder

PARQUET, GZIP = b"PAR1", b"\x1f\x8b"
NOT_THESE = {
    b"PK\x03\x04": "an Excel workbook or a zip archive; save the sheet as 'CSV UTF-8'",
    b"\xd0\xcf\x11\xe0": "an Excel workbook; save the sheet as 'CSV UTF-8'",
    b"\xff\xfe": "UTF-16 text; save the file as 'CSV UTF-8'",
    b"\xfe\xff": "UTF-16 text; save the file as 'CSV UTF-8'",
    b"$FL2": "an SPSS file; save it as CSV or Parquet",
    b"HEADER RECORD": "a SAS transport file; save it as CSV or Parquet",
}


def read_cells(file: Path, wanted: Sequence[str]) -> tuple[Cells, Complaints]:
    """The wanted columns of a file, and where to note what is wrong with them.

    Raises
    ------
    ScenarioError
        If the file or a column cannot be read.
    """
    complaints = Complaints(file)
    if is_folder(file):
        raise complaints.fail("a folder; name the file in it")
    try:
        with file.open("rb") as stream:
            first = stream.read(16)
        if not first:
            raise complaints.fail("the file is empty")
        for mark, message in NOT_THESE.items():
            if first.startswith(mark):
                raise complaints.fail(message)
        if first.startswith(PARQUET):
            complaints.counts_lines = False
            return read_parquet(file, wanted, complaints), complaints
        return read_delimited(file, first.startswith(GZIP), wanted, complaints), complaints
    except FileNotFoundError:
        raise complaints.fail("no such file") from None
    except OSError as error:
        raise complaints.fail(f"cannot be read: {error.strerror}") from None


def sha256(file: Path) -> str:
    """Hash of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
