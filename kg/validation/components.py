"""SHACL-SPARQL in a shapes graph: SPARQL constraints and custom constraint components (SHACL, sections 5 and 6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import pyoxigraph as ox
import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SH
from rdflib.term import Node, URIRef

from kg.store.base import Term
from kg.validation.compiler import shapes_graph, sparql
from kg.validation.labels import named_above
from kg.validation.model import Constraint, Query
from kg.validation.parameters import is_flag
from kg.validation.paths import Path
from kg.validation.terms import from_rdflib, resource
from kg.vocabulary import shortened

_Complaint = Callable[[Node, str], Exception]
_LOCAL = re.compile(r"[^\W\d][\w.-]*$")
_VARIABLE = re.compile(r"\w+")
_RESERVED = frozenset({"this", "shapesGraph", "currentShape", "path", "PATH", "value"})


def constraints(graph: rdflib.Graph, shape: Node, path: Path | None, wrong: _Complaint) -> Iterator[Constraint]:
    """The SPARQL constraints of a shape that are in force, in the order of their names; then its custom components."""
    reader = _Reader(graph, wrong)
    for node in sorted(graph.objects(shape, SH.sparql), key=str):
        if not reader.deactivated(node):
            query = reader.query(node, shape, path, form="select")
            yield Constraint(str(SH.SPARQLConstraintComponent), "sparql", query=query)
    for component in sorted(_instances(graph, SH.ConstraintComponent), key=str):
        yield from _Component(reader, component).constraints(shape, path)


class _Component:
    """A custom constraint component (section 6)."""

    def __init__(self, reader: _Reader, node: Node) -> None:
        self._reader, self._node = reader, node
        self._graph = reader.graph
        self._parameters = {path: name for path, name, _ in self._declared()}
        self._optional = {path for path, _, optional in self._declared() if optional}

    def constraints(self, shape: Node, path: Path | None) -> Iterator[Constraint]:
        """One constraint for each value of an only parameter; for all values together if there are several (6.2)."""
        values = {known: sorted(self._graph.objects(shape, known), key=str) for known in self._parameters}
        if not self._parameters or any(not values[known] for known in values.keys() - self._optional):
            return
        for known, several in values.items():
            if len(values) > 1 and len(several) > 1:
                raise self._reader.wrong(shape, f"a shape has one {shortened(str(known))}, this one {len(several)}")
        chosen = self._validator(path)
        if chosen is None:
            return
        for terms in product(*(several or (None,) for several in values.values())):
            given = zip(self._parameters.values(), terms, strict=True)
            arguments = {name: from_rdflib(term) for name, term in given if term is not None}
            yield self._constraint(chosen, shape, path, arguments)

    def _constraint(self, validator: Node, shape: Node, path: Path | None, arguments: dict[str, Term]) -> Constraint:
        form = "ask" if (validator, SH.ask, None) in self._graph else "select"
        names = tuple(self._parameters.values())
        given = tuple(arguments.items())
        query = self._reader.query(validator, shape, path, form=form, parameters=names, arguments=given)
        if not query.messages and (shape, SH.message, None) not in self._graph:
            query = replace(query, messages=self._reader.texts(self._node, SH.labelTemplate))
        return Constraint(str(self._node), "component", tuple(arguments.values()), query=query)

    def _validator(self, path: Path | None) -> Node | None:
        """The validator for a kind of shape; a component without a suitable one is ignored (section 6.2.2)."""
        for predicate in (SH.propertyValidator if path else SH.nodeValidator, SH.validator):
            for node in sorted(self._graph.objects(self._node, predicate), key=str):
                return node
        return None

    def _declared(self) -> Iterator[tuple[Node, str, bool]]:
        """The parameters: predicate, name, and whether it may be left out (section 6.2.1)."""
        for node in sorted(self._graph.objects(self._node, SH.parameter), key=str):
            path = self._graph.value(node, SH.path)
            name = _LOCAL.search(str(path)) if isinstance(path, URIRef) else None
            if path is None or not name or not _VARIABLE.fullmatch(name[0]) or name[0] in _RESERVED:
                raise self._reader.wrong(
                    self._node, f"a parameter needs an sh:path whose name a variable can have, not {path}"
                )
            yield path, name[0], self._reader.flag(node, SH.optional)


class _Reader:
    """Reads queries and what they have in common."""

    def __init__(self, graph: rdflib.Graph, wrong: _Complaint) -> None:
        self.graph, self.wrong = graph, wrong

    def flag(self, node: Node, predicate: URIRef) -> bool:
        """Whether a node is said to be something."""
        values = list(self.graph.objects(node, predicate))
        if len(values) > 1 or not all(map(is_flag, values)):
            raise self.wrong(node, f"{shortened(str(predicate))} is either true or false")
        return any(value.toPython() for value in values)  # type: ignore[attr-defined]

    def deactivated(self, node: Node) -> bool:
        """Whether a constraint is not in force (section 5.2.1)."""
        return self.flag(node, SH.deactivated)

    def query(
        self,
        node: Node,
        shape: Node,
        path: Path | None,
        *,
        form: str,
        parameters: tuple[str, ...] = (),
        arguments: tuple[tuple[str, Term], ...] = (),
    ) -> Query:
        """The query of a node, found to be one that the standard allows."""
        texts = list(self.graph.objects(node, SH[form]))
        if len(texts) != 1:
            raise self.wrong(node, f"expected one sh:{form}, found {len(texts)}")
        query = Query(
            node=resource(node),
            form=form,
            text=str(texts[0]),
            prefixes=self.prefixes(node),
            messages=self.texts(node, SH.message),
            parameters=parameters,
            arguments=arguments,
        )
        if problem := sparql.refused(query, path):
            user = named_above(self.graph, shape)
            used = "" if named_above(self.graph, node) == user else f" (used by {shortened(str(user))})"
            raise self.wrong(node, problem + used)
        if not shapes_graph.asks(query):
            return query
        try:
            return shapes_graph.answered(query, resource(shape), self.graph)
        except shapes_graph.NotAnsweredError as error:
            raise self.wrong(node, str(error)) from error

    def texts(self, node: Node, predicate: Node) -> tuple[ox.Literal, ...]:
        """What is said of a node in words, in several languages perhaps."""
        said = map(from_rdflib, sorted(self.graph.objects(node, predicate), key=str))
        return tuple(text for text in said if isinstance(text, ox.Literal))

    def prefixes(self, node: Node) -> str:
        """The ``PREFIX`` lines that a query's sh:prefixes stand for, those of imported ontologies too (5.2.1)."""
        declared = self.graph.objects(node, SH.prefixes / (OWL.imports * "*") / SH.declare)  # type: ignore[operator]
        known: dict[str, str] = {}
        for said in sorted(set(declared), key=str):
            prefix, namespace = (self._text(said, predicate) for predicate in (SH.prefix, SH.namespace))
            if known.setdefault(prefix, namespace) != namespace:
                raise self.wrong(node, f"the prefix {prefix} stands for {known[prefix]} and for {namespace}")
        return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in sorted(known.items()))

    def _text(self, node: Node, predicate: Node) -> str:
        values = list(self.graph.objects(node, predicate))
        if len(values) != 1:
            raise self.wrong(node, f"expected one {shortened(str(predicate))}, found {len(values)}")
        return str(values[0])


def _instances(graph: rdflib.Graph, class_: URIRef) -> set[Node]:
    below = graph.transitive_subjects(RDFS.subClassOf, class_)
    return {node for known in below for node in graph.subjects(RDF.type, known)}
