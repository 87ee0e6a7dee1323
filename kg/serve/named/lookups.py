"""Answers to lookups of one release, kept within room: what was asked for longest ago goes first.

Who asks chooses the words that are looked up, so neither the number of answers nor their size is known beforehand.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from kg.queries import Table
from kg.queries.values import Lookup
from kg.store.base import text_of

_CELL = 200
"""Bytes of a term beside its text, about."""


@dataclass
class KeptLookups:
    """Tables by lookup, of the release that was last kept from.

    Parameters
    ----------
    room
        Bytes that all of them take, about: four a character, and some for each cell.
    """

    room: int = 64 * 1024**2
    _release: str = ""
    _size: int = 0
    _kept: OrderedDict[Lookup, tuple[Table, int]] = field(default_factory=OrderedDict)

    def find(self, release: str, lookup: Lookup) -> Table | None:
        """The answer to a lookup, if it is kept."""
        if release != self._release or lookup not in self._kept:
            return None
        self._kept.move_to_end(lookup)
        return self._kept[lookup][0]

    def keep(self, release: str, lookup: Lookup, found: Table) -> None:
        """Keep an answer of a release with a name; those of another release are given up, they are not asked again."""
        if release != self._release:
            self._release, self._size = release, 0
            self._kept.clear()
        if not release or lookup in self._kept:
            return
        self._kept[lookup] = found, _size(lookup, found)
        self._size += self._kept[lookup][1]
        while self._size > self.room:
            _, (_, size) = self._kept.popitem(last=False)
            self._size -= size


def _size(lookup: Lookup, found: Table) -> int:
    characters = len(lookup.text) + sum(len(text_of(term)) for row in found.rows for term in row)
    return 4 * characters + _CELL * (1 + len(found.rows) * len(found.columns))
