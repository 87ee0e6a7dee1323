"""Where the nodes that a report names come from: file and row of a table, file and line of what a user loaded.

Rows are looked up for results only. Those that an earlier report names are kept for segments that are what they were: a
row inserted into a table moves all below it, so whatever a changed input speaks of is looked up anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, NamedNode

from kg.pipeline.inputs import Input, Locate
from kg.pipeline.records import is_known
from kg.store.base import Store, Term, text_of
from kg.store.rdf_files import RdfFile
from kg.store.rdf_lines import lines
from kg.store.releases import Release
from kg.store.segments import Segment
from kg.validation.incremental.affected import Since
from kg.validation.report import Report
from kg.validation.results import Result

Wanted = Mapping[str, Collection[str]]
"""Nodes (IRIs) by the graphs (IRIs) that speak of them."""

Places = Callable[[Wanted], Iterable[tuple[str, str]]]
"""Nodes with their places, ``contracts.csv, row 7`` or ``people.ttl, line 3``, as far as they are known."""

Record = Mapping[str, Any]
_BATCH = 500


@dataclass(frozen=True)
class Former:
    """An earlier report, the graphs (IRIs) whose inputs have changed since, and the nodes that lost statements."""

    report: Report
    changed: Collection[str]
    lost: Collection[str]

    @classmethod
    def of(
        cls, since: Since, parent: Release | None, segments: Mapping[str, Segment], records: Mapping[str, Record]
    ) -> Former:
        """The report of a parent release; rows can have moved though the segment is the same, so inputs count too."""
        old = (parent.manifest.segments, parent.manifest.sources) if parent else ({}, {})
        before, now = ({name: _made_of(name, *state) for name in segments} for state in (old, (segments, records)))
        changed = {graph for name in segments if before[name] != now[name] for graph in segments[name].graphs}
        return cls(since.report, changed, {text_of(quad.subject) for quad in since.removed})

    @property
    def places(self) -> dict[str, str]:
        """What the report says of nodes that may be where they were."""
        placed = (result.placed for result in self.report.results)
        return {node: place for node, place in filter(None, placed) if node not in self.lost}


@dataclass(frozen=True)
class Origins:
    """The places of the nodes of a store.

    Parameters
    ----------
    known
        Where the nodes of graphs come from.
    former
        What need not be looked up.
    otherwise
        The place of nodes without a name, if there is but one.
    """

    store: Store
    known: Places
    former: Former | None = None
    otherwise: str = ""
    _found: dict[str, str] = field(default_factory=dict, init=False)

    def of(self, results: Iterable[Result]) -> Mapping[str, str]:
        """Places by IRI: of the focus nodes, and of the values of results whose focus node has none."""
        wanted = list(results)
        self._find(result.focus for result in wanted)
        self._find(result.value for result in wanted if text_of(result.focus) not in self._found)
        return self._found

    def _find(self, terms: Iterable[Term | None]) -> None:
        found = set(terms)
        if self.otherwise:
            self._found.update((text_of(term), self.otherwise) for term in found if isinstance(term, BlankNode))
        known, changed = (self.former.places, self.former.changed) if self.former else ({}, ())
        graphs_of = self._graphs_of({term for term in found if isinstance(term, NamedNode)})
        wanted: dict[str, list[str]] = {}
        for node, graphs in graphs_of.items():
            if node in known and graphs.isdisjoint(changed):
                self._found[node] = known[node]
                continue
            for graph in graphs:
                wanted.setdefault(graph, []).append(node)
        self._found.update(self._looked_up(wanted))

    def _looked_up(self, wanted: Wanted) -> dict[str, str]:
        places: dict[str, list[str]] = {}
        for node, place in self.known({graph: wanted[graph] for graph in sorted(wanted)}):
            places.setdefault(node, []).append(place)
        return {node: "; ".join(dict.fromkeys(found)) for node, found in places.items()}

    def _graphs_of(self, nodes: Collection[NamedNode]) -> dict[str, set[str]]:
        """The graphs that say something of each node."""
        found: dict[str, set[str]] = {}
        for some in _batches(nodes):
            query = f"SELECT DISTINCT ?g ?s {{ VALUES ?s {{ {' '.join(map(str, some))} }} GRAPH ?g {{ ?s ?p ?o }} }}"
            for row in self.store.select(query):
                found.setdefault(text_of(row["s"]), set()).add(text_of(row["g"]))
        return found


def in_segments(segments: Mapping[str, Segment], records: Mapping[str, Record], inputs: Iterable[Input]) -> Places:
    """Places in the inputs that segments were made from, as far as they are still the same and at hand.

    Of a load that is at hand no more the files' names are known. Inputs are asked for with the first place.
    """

    @cache
    def known() -> dict[str, Input]:
        return {item.name: item for item in inputs if is_known(item, records.get(item.name, {}))}

    segment_of = {graph: name for name, segment in segments.items() for graph in segment.graphs}

    def places(wanted: Wanted) -> Iterator[tuple[str, str]]:
        of_segment: dict[str, set[str]] = {}
        for graph, nodes in wanted.items():
            of_segment.setdefault(segment_of.get(graph, ""), set()).update(nodes)
        for name, some in sorted(of_segment.items()):
            record = records.get(name, {})
            loaded = dict.fromkeys(sorted(some), str(record["title"])) if record.get("kind") == "load" else {}
            yield from (loaded | (item.locate(some) if (item := known().get(name)) else {})).items()

    return places


def in_files(files: Sequence[RdfFile], tables: Mapping[str, Input], *, besides: Collection[str] = ()) -> Places:
    """Places in RDF files and, by graph, tables; ``besides`` are graphs that come from neither."""
    only = len(files) + len(tables) == 1

    def places(wanted: Wanted) -> Iterator[tuple[str, str]]:
        for graph, table in tables.items():
            yield from table.locate(wanted.get(graph, ())).items()
        others = wanted.keys() - tables.keys() - set(besides)
        left = {node for graph in others for node in wanted[graph]}
        for file in files:
            named = dict.fromkeys(sorted(left) if only else wanted.get(file.graph, ()), str(file))
            yield from (named | {node: f"{file}, line {line}" for node, line in lines(file, left).items()}).items()

    return places


def in_lines(files: Sequence[RdfFile]) -> Locate:
    """Places in RDF files, by the line; files are called by their names only, wherever they lay."""

    def locate(nodes: Iterable[str]) -> dict[str, str]:
        wanted, found = set(nodes), dict[str, list[str]]()
        for file in files:
            for node, line in lines(file, wanted).items():
                found.setdefault(node, []).append(f"{Path(str(file)).name}, line {line}")
        return {node: "; ".join(places) for node, places in found.items()}

    return locate


def _made_of(name: str, segments: Mapping[str, Segment], records: Mapping[str, Record]) -> tuple[object, ...]:
    return segments.get(name), records.get(name, {}).get("digest")


def _batches(nodes: Collection[NamedNode]) -> Iterator[list[NamedNode]]:
    ordered = sorted(nodes, key=str)
    return (ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH))
