"""The validators that the suite and the oracle compare: ours, and pySHACL."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pyshacl
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError
from rdflib import Graph

from kg.errors import ConfigError
from kg.store.embedded import EmbeddedStore
from kg.validation import gate
from kg.validation.reference import DataGraph
from kg.validation.shapes import Shapes
from kg.validation.terms import from_rdflib

from .findings import Finding, as_kept, of_graph, of_report

Validator = Callable[[Graph, Graph], list[Finding]]
"""From a data graph and a shapes graph to results; raises `FailureError` where it refuses."""

GRAPH = ox.NamedNode("urn:data")


class FailureError(Exception):
    """A validator refused the shapes or the data: what SHACL calls a failure."""


def by_kg(data: Graph, shapes: Graph) -> list[Finding]:
    """What the gate finds."""
    try:
        return of_report(gate.check(stored(data), Shapes.of(triples(shapes))))
    except ConfigError as error:
        raise FailureError(str(error)) from error


def by_pyshacl(data: Graph, shapes: Graph, *, empty: Callable[[], Graph] = Graph) -> list[Finding]:
    """What pySHACL finds, without inference and without the advanced features.

    It is given copies, since it adds triples. ``empty`` makes the one of the data.
    """
    graph, rules = empty() + data, Graph() + shapes
    options = {"inplace": True, "inference": "none", "advanced": False}
    try:
        _, found, text = pyshacl.validate(graph, shacl_graph=rules, **options)
    except (ConstraintLoadError, NotImplementedError, ReportableRuntimeError, ShapeLoadError) as error:
        raise FailureError(str(error)) from error
    if not isinstance(found, Graph):
        raise FailureError(text)
    return of_graph(found)


def by_pyshacl_again(data: Graph, shapes: Graph) -> list[Finding]:
    """The same, where the same queries come again and again: each is parsed once."""
    return by_pyshacl(data, shapes, empty=DataGraph)


def triples(graph: Graph) -> Graph:
    """The triples of a graph without its prefixes."""
    copy = Graph(bind_namespaces="none")
    for triple in graph:
        copy.add(triple)
    return copy


def stored(data: Graph) -> EmbeddedStore:
    """A store with the triples of a graph."""
    store = ox.Store()
    store.extend(ox.Quad(*map(from_rdflib, triple), GRAPH) for triple in data)  # type: ignore[arg-type]
    return EmbeddedStore(store)


def as_stored(graph: Graph) -> Graph:
    """A graph as a store gives it back: Oxigraph keeps numbers by value, 01 is 1."""
    copy = Graph(bind_namespaces="none")
    for subject, predicate, value in graph:
        copy.add((subject, predicate, as_kept(value)))
    return copy
