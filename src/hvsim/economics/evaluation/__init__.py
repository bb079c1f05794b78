"""Economic evaluation of anybody's costs and effects, on plain arrays (draws, strategies)."""
