"""When things happen to a family: accumulated intensity against drawn thresholds (Sellke 1983)."""

from __future__ import annotations

from collections.abc import Callable


class Events:
    """A recurrent outcome of one family.

    Parameters
    ----------
    threshold
        Unit exponential draw of event k.
    """

    def __init__(self, threshold: Callable[[int], float]) -> None:
        self._threshold = threshold
        self._accumulated = 0.0
        self._next = threshold(0)
        self.count = 0

    def pass_month(self, intensity: float) -> range:
        """Numbers of the events that happen in a month of this intensity."""
        first = self.count
        self._accumulated += intensity
        while self._accumulated >= self._next:
            self.count += 1
            self._next += self._threshold(self.count)
        return range(first, self.count)


class Spells:
    """A state of one family.

    Parameters
    ----------
    present
        Whether spell 0 is in force at entry.
    onset, exit
        Unit exponential draws of spell j.
    """

    def __init__(
        self, *, present: bool, onset: Callable[[int], float], exit: Callable[[int], float]
    ) -> None:
        self._onset = onset
        self._exit = exit
        self._spell = 0
        self._accumulated = 0.0
        self._next = exit(0) if present else onset(0)
        self.in_force = present
        self.ended_in: int | None = None
        """Month of the last exit."""

    def pass_month(self, intensity: float) -> bool:
        """Whether the state changes, from the next month on.

        Parameters
        ----------
        intensity
            This month's intensity of exit if the state is in force, of onset otherwise.
        """
        self._accumulated += intensity
        if self._accumulated < self._next:
            return False
        self._change()
        return True

    def begin(self) -> None:
        """Put the state in force, from the next month on, whatever its intensity of onset."""
        assert not self.in_force, "the state is in force already"
        self._change()

    def _change(self) -> None:
        self.in_force = not self.in_force
        self._spell += not self.in_force
        self._next = (self._exit if self.in_force else self._onset)(self._spell)
        self._accumulated = 0.0
