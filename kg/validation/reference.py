"""pySHACL: the way out for shapes that SPARQL cannot say, and the oracle of the tests.

It gets only the triples that such a shape looks at, and a shapes graph in which no other shape has a target. pySHACL
splits a dataset by named graph, so it is given one plain graph. It is run without inference and without the advanced
features, and on the graph itself instead of a copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pyshacl
import rdflib
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError
from rdflib.namespace import RDF, RDFS, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

from kg.errors import ConfigError
from kg.store.base import Store, Term, text_of
from kg.validation.incremental.lookups import HERE, of_target
from kg.validation.incremental.reach import of_shape, owners
from kg.validation.messages import unsatisfied
from kg.validation.model import Shape
from kg.validation.report import Report, Result
from kg.validation.shapes import Shapes
from kg.validation.terms import from_rdflib, readable, to_rdflib

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


class DataGraph(rdflib.Graph):
    """A graph that parses a query once instead of once per focus node: parsing is nearly all that one costs here."""

    def query(self, query_object: str | Query, *arguments: Any, **options: Any) -> rdflib.query.Result:
        """The result of a query, as `rdflib.Graph.query` gives it."""
        prepared = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *arguments, **options)


def found(
    store: Store, shapes: rdflib.Graph, wanted: Iterable[Shape], *, graphs: Sequence[str] | None = None
) -> Iterator[Result]:
    """What some shapes of a shapes graph find in the union of the named graphs of a store (all graphs when None).

    Notes
    -----
    Cost grows with focus nodes times property shapes, some 50 microseconds for each pair, and a query for each focus
    node of a SPARQL constraint.
    """
    for shape in wanted:
        try:
            report = _validated(_seen(store, shape, graphs), _alone(shapes, shape))
        except ConfigError as error:
            raise ConfigError(f"{readable(shape.node)}: {error}") from error
        asked = owners(shape)
        yield from (result for result in report.results if (result.shape, result.constraint) in asked)


def everything(data: rdflib.Graph, shapes: Shapes) -> Report:
    """What all shapes find in a graph, SPARQL constraints node by node: slow, and the standard's own way."""
    return _validated(data, shapes.graph)


def merged(store: Store, predicates: Iterable[str], *, graphs: Sequence[str] | None = None) -> DataGraph:
    """One graph of all triples with these predicates in the named graphs of a store (all graphs when None)."""
    allowed = " ".join(f"<{predicate}>" for predicate in sorted(predicates))
    return _constructed(store, f"VALUES ?p {{ {allowed} }}", graphs)


def _seen(store: Store, shape: Shape, graphs: Sequence[str] | None) -> DataGraph:
    """The triples that a shape looks at, all if that cannot be said."""
    looked = of_shape(shape, (HERE,))
    predicates = {lookup.predicate for lookup in looked or ()}
    for target in shape.targets:
        predicates.update(lookup.predicate for lookup in of_target(target.kind, text_of(target.node)))
    if looked is None or None in predicates:
        return _constructed(store, "", graphs)
    return merged(store, [predicate for predicate in predicates if predicate], graphs=graphs)


def _alone(shapes: rdflib.Graph, shape: Shape) -> rdflib.Graph:
    """The shapes graph with the targets of one shape only."""
    alone = rdflib.Graph()
    for triple in shapes:
        if triple[1] not in _TARGETS and triple[1:] != (RDF.type, RDFS.Class):
            alone.add(triple)
    for target in shape.targets:
        alone.add((to_rdflib(shape.node), SH[target.kind], to_rdflib(target.node)))
    return alone


def _constructed(store: Store, limited: str, graphs: Sequence[str] | None) -> DataGraph:
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {limited} ?s ?p ?o }}"
    graph = DataGraph()
    for triple in store.construct(query, graphs=graphs):
        graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
    return graph


@cache
def _prepared(query: str) -> Query:
    return prepareQuery(query)


def _validated(data: rdflib.Graph, shapes: rdflib.Graph) -> Report:
    try:
        _, answer, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, inference="none", advanced=False)
    except (ConstraintLoadError, NotImplementedError, ReportableRuntimeError, ShapeLoadError) as error:
        raise ConfigError(f"pySHACL cannot use the shapes: {error}") from error
    return Report.of(_naming_what_was_found(result, data) for result in Report.from_graph(answer).results)


def _naming_what_was_found(result: Result, data: rdflib.Graph) -> Result:
    """The result with the values found in its message; SPARQL constraints name them where their message wants them."""
    if result.constraint and not result.message:
        return replace(result, message=unsatisfied(result.constraint))
    values = ", ".join(sorted(readable(value) for value in _values(result, data)))
    return replace(result, message=f"{result.message} Found: {values}.") if values else result


def _values(result: Result, data: rdflib.Graph) -> Iterable[Term]:
    if result.constraint or not result.path:
        return []
    if result.value is not None:
        return [result.value]
    values = data.objects(to_rdflib(result.focus), rdflib.URIRef(result.path.iri)) if result.path.iri else []
    return map(from_rdflib, values)
