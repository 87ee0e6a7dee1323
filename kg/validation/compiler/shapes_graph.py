"""What a query asks of the shapes graph, answered when the shapes are read: shapes do not change with the data.

``GRAPH $shapesGraph { … }`` (SHACL, section 5.3.1, optional for an engine) becomes a table of its solutions, so that
the store need not hold the shapes. That is the same as long as the group asks of nothing but the shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox
import rdflib

from kg import iris
from kg.sparql.groups import Element, Group, Piece, Select, Word, in_scope, selects, variables, words
from kg.sparql.reading import read
from kg.store.base import Term
from kg.validation.compiler.prebinding import Writer
from kg.validation.model import Node, Query
from kg.validation.terms import from_rdflib

NAME = "shapesGraph"


class NotAnsweredError(Exception):
    """A query asks of the shapes graph what cannot be answered without the data; the text tells what."""


def asks(query: Query) -> bool:
    """Whether a query asks of the shapes graph."""
    return NAME in variables(read(query.prefixes + query.text))


def answered(query: Query, shape: Node, graph: rdflib.Graph) -> Query:
    """The query without ``$shapesGraph``.

    Raises
    ------
    NotAnsweredError
        See there.
    """
    store = ox.Store()
    for triple in graph:
        subject, predicate, value = map(from_rdflib, triple)
        store.add(ox.Quad(subject, predicate, value))  # type: ignore[arg-type]
    tree = read(query.prefixes + query.text)
    bound = {"this", "PATH", *(["value"] if query.form == "ask" else []), *query.parameters}
    answers = _Answers(tree, store, {**dict(query.arguments), "currentShape": shape}, frozenset(bound))
    constants = {NAME: f"<{iris.SHAPES}>"}
    return replace(query, prefixes="", text=Writer(constants=constants).select(answers.select(tree)))


@dataclass(frozen=True)
class _Answers:
    """Rewrites one query.

    Parameters
    ----------
    constants
        The variables that have one value.
    bound
        All that are bound beforehand.
    """

    query: Select
    shapes: ox.Store
    constants: Mapping[str, Term]
    bound: frozenset[str]

    def select(self, query: Select) -> Select:
        head, tail = (tuple(map(self._piece, pieces)) for pieces in (query.head, query.tail))
        return Select(head, self._group(query.group), tail)

    def _piece(self, piece: Piece) -> Piece:
        if isinstance(piece, Group):
            return self._group(piece)
        return self.select(piece) if isinstance(piece, Select) else piece

    def _group(self, group: Group) -> Group:
        return Group(tuple(map(self._element, group.elements)))

    def _element(self, element: Element) -> Element:
        named = [piece.variable for piece in element.pieces if isinstance(piece, Word)]
        if element.kind != "graph" or NAME not in named:
            return Element(element.kind, tuple(map(self._piece, element.pieces)))
        return self._table(element)

    def _table(self, element: Element) -> Element:
        (group,) = element.groups
        names = sorted(set(in_scope(group)) - self.constants.keys())
        self._check(group, set(names))
        wanted = [name for name in names if self._is_elsewhere(name, element)]
        given = {ox.Variable(name): self.constants[name] for name in variables(group) & self.constants.keys()}
        asked = " ".join([*map(str, given), *(f"?{name}" for name in names)])
        text = f"SELECT {asked or '*'} WHERE {Writer().group(group)}"
        solutions = self.shapes.query(text, substitutions=given)
        rows = [[solution[name] for name in wanted] for solution in solutions]  # type: ignore[union-attr]
        if any(term is None or isinstance(term, ox.BlankNode) for row in rows for term in row):
            raise NotAnsweredError("the shapes graph answers with blank nodes, or with nothing for a variable")
        return Element("values", tuple(_written(wanted, rows)))

    def _check(self, group: Group, names: set[str]) -> None:
        if any(selects(group)):
            raise NotAnsweredError("a sub-select asks of the shapes graph")
        if beyond := (variables(group) - names | names & self.bound) - self.constants.keys():
            raise NotAnsweredError(f"what is asked of the shapes graph depends on ${min(beyond)}")

    def _is_elsewhere(self, name: str, element: Element) -> bool:
        """Whether a variable is in more of the query than in one element."""
        inside, everywhere = (
            sum(word.variable == name for word in words(*pieces)) for pieces in (element.pieces, (self.query,))
        )
        return everywhere > inside


def _written(names: list[str], rows: list[list[Term]]) -> list[Word]:
    """``VALUES`` as words: what is written here is not what a shape may say, but means what it says."""
    head = [Word("VALUES"), Word("("), *(Word(f"?{name}") for name in names), Word(")"), Word("{")]
    table = [word for row in rows for word in (Word("("), *(Word(str(term)) for term in row), Word(")"))]
    return [*head, *table, Word("}")]
