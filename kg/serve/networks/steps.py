"""How far a computation is."""

from __future__ import annotations

import re
from collections.abc import Callable

Tell = Callable[[str, float], None]
"""Called with what is being done, and how much of all is done, from 0 to 1."""

_OF = re.compile(r"([\d,]+) of ([\d,]+)")


class Steps:
    """How far a task is: steps of equal shares, and within one what a measure says of itself."""

    def __init__(self, tell: Tell, number: int) -> None:
        self._tell = tell
        self._number = number
        self._begun = 0
        self._name = ""

    def enter(self, name: str) -> None:
        """Begin the next step."""
        self._begun, self._name = self._begun + 1, name
        self._tell(name, (self._begun - 1) / self._number)

    def within(self, text: str) -> None:
        """Say what is done in this step; ``3 of 12`` in the text is how much of it."""
        found = _OF.search(text)
        share = float(found[1].replace(",", "")) / float(found[2].replace(",", "")) if found else 0.0
        self._tell(f"{self._name}: {text}", (self._begun - 1 + min(share, 1.0)) / self._number)
