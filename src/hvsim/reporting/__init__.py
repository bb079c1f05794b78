"""Pictures and the page of a run; and its table, which needs no picture drawn."""
