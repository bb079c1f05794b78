"""What a field means when a file leaves it out."""

from __future__ import annotations

from hvsim.scenario.quantities import Quantity

NO_SPREAD = Quantity(((None, 0.0),), "spread-sd", "standard deviation")
NO_CHANGE = Quantity(((None, 1.0),), "positive-ratio", "factor")
NOBODY, ALL = (Quantity(((None, share),), "proportion", "share") for share in (0.0, 1.0))
NONE, ONE = (Quantity(((None, count),), "count", "count") for count in (0.0, 1.0))
