"""What files say, in a few lines."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping
from typing import Final

from hvsim.scenario.resolved import written_quantities
from hvsim.scenario.values import Filed

WIDTH: Final = 100


def labeled(rows: Mapping[str, str]) -> list[str]:
    """Lines of a label and what stands behind it, folded."""
    return [
        line
        for label, text in rows.items()
        for line in textwrap.wrap(
            f"  {label:<10} {text}", WIDTH, subsequent_indent=" " * 13, break_on_hyphens=False
        )
    ]


def provenance(filed: Filed) -> str:
    """How many numbers rest on evidence, on a stated assumption, on neither."""
    kinds = Counter(
        "from evidence" if number.evidence else "assumed" if number.assumption else "without source"
        for _, number in written_quantities(filed)
    )
    return ", ".join(
        f"{kinds[kind]} {kind}" for kind in ("from evidence", "assumed", "without source")
    )
