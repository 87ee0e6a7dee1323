"""Partitions: a whole and the disjoint parts that make it up, which is what may be added up and what shares are of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from kg import iris
from kg.derivation.figures import Key
from kg.errors import SourceError
from kg.store.base import Store, text_of
from kg.vocabulary import TT

_PARTITIONS = f"""SELECT DISTINCT ?partition ?whole ?part WHERE {{
  ?partition <{TT.partitionWhole}> ?whole ; <{TT.partitionPart}> ?part
}} ORDER BY ?partition ?part"""
_DIMENSION_OF = {
    f"{iris.CONCEPT}channel/": "channel",
    f"{iris.ID}population/": "observed_unit",
    f"{iris.ID}org/": "observed_unit",
    f"{iris.ID}area/": "area",
    f"{iris.ID}indicator/": "indicator",
    f"{iris.CONCEPT}counterpart/": "counterpart",
}
EVERY_COUNTERPART = iris.concept("counterpart/all")
"""The whole of counterparts; in a key it is no counterpart at all, since a total names none."""
DIMENSIONS = tuple(sorted(set(_DIMENSION_OF.values())))
"""The fields of `Key` that a partition can be about."""


@dataclass(frozen=True)
class Partition:
    """A whole and the disjoint parts that make it up, all values of one dimension of the key."""

    whole: str
    parts: tuple[str, ...]

    @property
    def dimension(self) -> str:
        """The field of `Key` that the partition is about, empty for a kind of thing that no key holds."""
        return next((field for prefix, field in _DIMENSION_OF.items() if self.whole.startswith(prefix)), "")

    def key(self, key: Key, member: str) -> Key:
        """The key of the same figure for another member of the partition: the whole or one of the parts."""
        match self.dimension:
            case "channel":
                return replace(key, channel=member)
            case "observed_unit":
                return replace(key, observed_unit=member)
            case "area":
                return replace(key, area=member)
            case "counterpart":
                return replace(key, counterpart="" if member == EVERY_COUNTERPART else member)
        return replace(key, indicator=member)

    def within(self, other: Partition) -> bool:
        """Whether another one makes the same whole of these parts and more."""
        return self.whole == other.whole and set(self.parts) < set(other.parts)


def read(store: Store, graphs: Sequence[str]) -> list[Partition]:
    """The partitions that graphs hold: those of counterparts, then each whole before what it is itself a part of.

    Raises
    ------
    SourceError
        Partitions contain each other.
    """
    parts: dict[tuple[str, str], list[str]] = {}
    for row in store.select(_PARTITIONS, graphs=graphs):
        partition, whole, part = (text_of(row[name]) for name in ("partition", "whole", "part"))
        parts.setdefault((partition, whole), []).append(part)
    return parts_first(Partition(whole, tuple(members)) for (_, whole), members in parts.items())


def parts_first(partitions: Iterable[Partition]) -> list[Partition]:
    """In an order in which a whole that is itself a part comes before what it is a part of; unknown kinds left out."""
    known = sorted((p for p in partitions if p.dimension and p.parts), key=lambda p: (p.whole, p.parts))
    graph: dict[str, set[str]] = {}
    for partition in known:
        graph.setdefault(partition.whole, set()).update(partition.parts)
    try:
        place = {name: index for index, name in enumerate(TopologicalSorter(graph).static_order())}
    except CycleError as error:
        raise SourceError(f"partitions contain each other: {' > '.join(error.args[1])}; mend the registry") from error
    return sorted(known, key=lambda partition: (partition.dimension != "counterpart", place[partition.whole]))
