"""What the graph holds of one thing: a concise bounded description, and what is named in it.

Comes in: an IRI. Goes out: its statements with their graphs, those of the blank nodes that they lead to, how many lead
from it and to it, and the names of whatever occurs. Two queries, however much that is: statements are cut off at the
number that `queries/resources/description.rq` gives.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg import iris
from kg.queries import NamedQuery, Table
from kg.serve.views.tables import all_labels, table
from kg.store.querying.base import Pool
from kg.vocabulary import RDF

QUERY = "resources/description"
_MOST_BLANK = 100
"""Blank nodes that are followed; a list of codes has a dozen, and whatever has more is read by SPARQL."""


@dataclass(frozen=True)
class Statement:
    """One statement and the named graph that it stands in."""

    subject: ox.NamedNode
    predicate: ox.NamedNode
    value: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple
    graph: ox.NamedNode

    @property
    def quad(self) -> ox.Quad:
        """The same for a serializer."""
        return ox.Quad(self.subject, self.predicate, self.value, self.graph)


@dataclass(frozen=True)
class Description:
    """What is known of a thing.

    Attributes
    ----------
    own
        Statements of the thing itself, a thousand at most.
    nested
        Those of the blank nodes that they lead to, and so on.
    names
        Labels, with their graphs, of the thing and of whatever the statements name.
    outgoing, incoming
        How many statements with each property there are, from the thing and to it.
    """

    thing: ox.NamedNode
    own: tuple[Statement, ...] = ()
    nested: tuple[Statement, ...] = ()
    names: tuple[Statement, ...] = ()
    outgoing: Mapping[str, int] = field(default_factory=dict)
    incoming: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.own or self.incoming)

    @property
    def whole(self) -> bool:
        """Whether all statements of the thing are here."""
        return len(self.own) >= sum(self.outgoing.values())

    @property
    def types(self) -> tuple[str, ...]:
        """Its classes, sorted."""
        return tuple(sorted({value.value for value in self.values(RDF.type) if isinstance(value, ox.NamedNode)}))

    @property
    def graphs(self) -> tuple[str, ...]:
        """The graphs that its statements stand in, sorted."""
        return tuple(sorted({statement.graph.value for statement in self.own}))

    def values(self, *properties: str) -> Iterator[ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple]:
        """The values of some properties, each once."""
        found = (statement.value for name in properties for statement in self.own if statement.predicate.value == name)
        return iter(dict.fromkeys(found))


async def description(pool: Pool, queries: Mapping[str, NamedQuery], thing: ox.NamedNode) -> Description:
    """All that; nothing in it where the graph does not know the thing. Errors as of `Pool.answer`."""
    rows = await table(pool, queries[QUERY], {"thing": thing.value})
    own = tuple(_statements(thing, rows))
    nested = tuple([statement async for statement in _nested(pool, queries[QUERY], own)])
    outgoing, incoming = (_numbers(rows, part) for part in ("outgoing", "incoming"))
    labels = await all_labels(pool, _things(thing, (*own, *nested), incoming))
    names = tuple(Statement(*row) for row in labels.rows)  # type: ignore[arg-type]  # asked for by IRIs alone
    return Description(thing, own, nested, names, outgoing, incoming)


def _statements(thing: ox.NamedNode, rows: Table) -> Iterator[Statement]:
    for part, graph, name, value, _ in rows.rows:
        known = isinstance(graph, ox.NamedNode) and isinstance(name, ox.NamedNode) and value is not None
        if known and isinstance(part, ox.Literal) and part.value == "statement":
            yield Statement(thing, name, value, graph)  # type: ignore[arg-type]  # seen above


def _numbers(rows: Table, wanted: str) -> dict[str, int]:
    return {
        name.value: int(number.value)
        for part, _, name, _, number in rows.rows
        if isinstance(part, ox.Literal)
        and part.value == wanted
        and isinstance(name, ox.NamedNode)
        and isinstance(number, ox.Literal)
    }


async def _nested(pool: Pool, query: NamedQuery, begun: Sequence[Statement]) -> AsyncIterator[Statement]:
    """Statements of blank nodes, which were given IRIs at the door."""
    pending, seen = list(_blank(begun)), set[ox.NamedNode]()
    while pending and len(seen) < _MOST_BLANK:
        node = pending.pop(0)
        if node not in seen:
            seen.add(node)
            found = tuple(_statements(node, await table(pool, query, {"thing": node.value})))
            pending += _blank(found)
            for statement in found:
                yield statement


def _blank(statements: Sequence[Statement]) -> Iterator[ox.NamedNode]:
    for statement in statements:
        if isinstance(statement.value, ox.NamedNode) and statement.value.value.startswith(iris.GENID):
            yield statement.value


def _things(thing: ox.NamedNode, statements: Sequence[Statement], incoming: Mapping[str, int]) -> set[ox.NamedNode]:
    """Whatever is named in a description."""
    things = {thing, *map(ox.NamedNode, incoming)}
    for statement in statements:
        things |= {statement.predicate, statement.graph}
        things |= {statement.value} if isinstance(statement.value, ox.NamedNode) else set()
    return things
