"""pySHACL over one merged graph: the core shapes for the gate, all shapes as the oracle of the tests.

pySHACL splits a dataset by named graph, so it is given one plain graph. It is run without inference and without the
advanced features, and on the graph itself instead of a copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pyshacl
import rdflib
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

from kg.errors import ConfigError
from kg.store.base import Store, Term
from kg.validation.report import Report, Result
from kg.validation.shapes import Shapes
from kg.validation.terms import from_rdflib, readable, to_rdflib


class DataGraph(rdflib.Graph):
    """A graph that parses a query once instead of once per focus node: parsing is nearly all that one costs here."""

    def query(self, query_object: str | Query, *arguments: Any, **options: Any) -> rdflib.query.Result:
        """The result of a query, as `rdflib.Graph.query` gives it."""
        prepared = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *arguments, **options)


def core(data: rdflib.Graph, shapes: Shapes) -> Report:
    """What the core shapes find in a graph.

    Notes
    -----
    Cost grows with focus nodes times property shapes, some 50 microseconds for each pair.
    """
    return _validated(data, shapes.core)


def everything(data: rdflib.Graph, shapes: Shapes) -> Report:
    """What all shapes find in a graph, SPARQL constraints node by node: slow, and the standard's own way."""
    return _validated(data, shapes.graph)


def merged(store: Store, predicates: Iterable[str], *, graphs: Sequence[str] | None = None) -> DataGraph:
    """One graph of all triples with these predicates in the named graphs of a store (all graphs when None)."""
    allowed = " ".join(f"<{predicate}>" for predicate in sorted(predicates))
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?p {{ {allowed} }} ?s ?p ?o }}"
    graph = DataGraph()
    for triple in store.construct(query, graphs=graphs):
        graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
    return graph


@cache
def _prepared(query: str) -> Query:
    return prepareQuery(query)


def _validated(data: rdflib.Graph, shapes: rdflib.Graph) -> Report:
    try:
        _, found, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, inference="none", advanced=False)
    except (ConstraintLoadError, ReportableRuntimeError, ShapeLoadError) as error:
        raise ConfigError(f"pySHACL cannot use the shapes: {error}") from error
    return Report.of(_naming_what_was_found(result, data) for result in Report.from_graph(found).results)


def _naming_what_was_found(result: Result, data: rdflib.Graph) -> Result:
    """The result with the values found in its message; SPARQL constraints name them where their message wants them."""
    found = ", ".join(sorted(readable(value) for value in _found(result, data)))
    return replace(result, message=f"{result.message} Found: {found}.") if found else result


def _found(result: Result, data: rdflib.Graph) -> Iterable[Term]:
    if result.constraint or not result.path:
        return []
    if result.value is not None:
        return [result.value]
    values = data.objects(to_rdflib(result.focus), rdflib.URIRef(result.path.iri)) if result.path.iri else []
    return map(from_rdflib, values)
