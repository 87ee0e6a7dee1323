"""SHACL property paths as values: read from a shapes or report graph, written as SPARQL and as Turtle.

Most paths are one predicate; the others are the compositions of https://www.w3.org/TR/shacl/#property-paths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rdflib import Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF
from rdflib.term import Node

from kg.validation.terms import turtle
from kg.vocabulary import SH, shortened

_SUFFIX = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
_DEEPEST = 30
_LISTS = {"sequence": "/", "alternativePath": "|"}


@dataclass(frozen=True, order=True)
class Path:
    """A predicate, or an operator over further paths.

    ``operator`` is ``predicate``, ``sequence``, or the local name of SHACL's property: ``inversePath``,
    ``alternativePath``, ``zeroOrMorePath``, ``oneOrMorePath``, ``zeroOrOnePath``.
    """

    operator: str
    iri: str = ""
    parts: tuple[Path, ...] = ()

    @classmethod
    def predicate(cls, iri: str) -> Path:
        """The path of a single step."""
        return cls("predicate", iri=iri)

    @classmethod
    def read(cls, graph: Graph, node: Node, *, depth: int = 0) -> Path:
        """The path that a node of a graph stands for, which lies so deep within another.

        Raises
        ------
        ValueError
            The node is no well-formed SHACL path.
        """
        if depth > _DEEPEST:
            raise ValueError(f"{node} is no property path of SHACL: it leads back to itself, or is nested too deep")
        if isinstance(node, URIRef):
            return cls.predicate(str(node))
        if (node, RDF.first, None) in graph:
            return cls("sequence", parts=_members(graph, node, depth))
        for operator in ("inversePath", "alternativePath", *_SUFFIX):
            for argument in graph.objects(node, URIRef(SH.namespace + operator)):
                many = operator == "alternativePath"
                parts = _members(graph, argument, depth) if many else (cls.read(graph, argument, depth=depth + 1),)
                return cls(operator, parts=parts)
        raise ValueError(f"{node} is not a property path of SHACL")

    def predicates(self) -> Iterator[str]:
        """The IRIs of all predicates in the path."""
        if self.operator == "predicate":
            yield self.iri
        for part in self.parts:
            yield from part.predicates()

    @property
    def sparql(self) -> str:
        """The path in SPARQL, IRIs in full."""
        return self._written(lambda iri: f"<{iri}>")

    def __str__(self) -> str:
        """The path as people read it, IRIs shortened."""
        return self._written(shortened)

    @property
    def turtle(self) -> str:
        """The path as an object in Turtle, blank nodes written out in place."""
        if self.operator == "predicate":
            return turtle(self.iri)
        parts = " ".join(part.turtle for part in self.parts)
        if self.operator == "sequence":
            return f"( {parts} )"
        return f"[ sh:{self.operator} {f'( {parts} )' if self.operator in _LISTS else parts} ]"

    def _written(self, name: Callable[[str], str]) -> str:
        if self.operator == "predicate":
            return name(self.iri)
        parts = [part._within(name) for part in self.parts]
        if self.operator == "inversePath":
            return f"^{parts[0]}"
        if self.operator in _LISTS:
            return _LISTS[self.operator].join(parts)
        return f"{parts[0]}{_SUFFIX[self.operator]}"

    def _within(self, name: Callable[[str], str]) -> str:
        text = self._written(name)
        return text if self.operator == "predicate" else f"({text})"


def _members(graph: Graph, head: Node, depth: int) -> tuple[Path, ...]:
    return tuple(Path.read(graph, node, depth=depth + 1) for node in Collection(graph, head))
