"""What two validators have to agree on: results without their messages, compared as the W3C test suite does.

A result is its focus node, path, value, component, source shape and severity; a report is a multiset of them. Blank
nodes are compared by what is said of them, so that a validator may name them as it likes; paths are compared as
structures. ``sh:conforms`` follows from the results and is not asked for: in the suite it means that there is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import pyoxigraph as ox
import rdflib
from rdflib import SH, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from kg.validation.paths import Path
from kg.validation.report import Report, Result
from kg.validation.terms import from_rdflib, to_rdflib

_ABSOLUTE = re.compile(r"[A-Za-z][\w+.-]*:")


@dataclass(frozen=True)
class Finding:
    """One result, in rdflib's terms."""

    focus: Node
    path: Path | None
    value: Node | None
    component: Node
    shape: Node
    severity: Node

    @classmethod
    def read(cls, graph: Graph, node: Node) -> Finding:
        """The result that a node of a report graph stands for."""
        path = graph.value(node, SH.resultPath)
        return cls(
            focus=_the(graph, node, SH.focusNode),
            path=None if path is None else Path.read(graph, path),
            value=graph.value(node, SH.value),
            component=_the(graph, node, SH.sourceConstraintComponent),
            shape=_the(graph, node, SH.sourceShape),
            severity=_the(graph, node, SH.resultSeverity),
        )

    @classmethod
    def of(cls, result: Result) -> Finding:
        """One of ours."""
        return cls(
            focus=to_rdflib(result.focus),
            path=result.path,
            value=None if result.value is None else to_rdflib(result.value),
            component=URIRef(result.component),
            shape=_node(result.shape),
            severity=URIRef(result.severity_iri),
        )

    def __str__(self) -> str:
        """The result on one line."""
        component = str(self.component).removeprefix(str(SH)).removesuffix("ConstraintComponent")
        severity = str(self.severity).removeprefix(str(SH))
        value = "" if self.value is None else f" value {self.value.n3()}"
        path = f" path {self.path}" if self.path else ""
        return f"{severity} {component} of {self.shape.n3()}: focus {self.focus.n3()}{path}{value}"


def of_report(report: Report) -> list[Finding]:
    """The results of one of our reports."""
    return [Finding.of(result) for result in report.results]


def of_graph(graph: Graph, report: Node | None = None) -> list[Finding]:
    """The results of a report in a graph, of all reports in it when none is named."""
    return [Finding.read(graph, node) for node in graph.objects(report, SH.result)]


def same(expected: Iterable[Finding], found: Iterable[Finding]) -> bool:
    """Whether two reports say the same; literals as the store keeps them, which knows numbers by value: 4.0 is 4."""
    expected, found = list(map(_kept, expected)), list(map(_kept, found))
    if Counter(expected) == Counter(found):
        return True
    return len(expected) == len(found) and isomorphic(_described(expected), _described(found))


def differences(expected: Iterable[Finding], found: Iterable[Finding]) -> str:
    """What one report has and the other has not, blank nodes by their labels: a line each."""
    wanted, given = Counter(expected), Counter(found)
    lines = [f"- {finding}" for finding in (wanted - given).elements()]
    lines += [f"+ {finding}" for finding in (given - wanted).elements()]
    return "\n".join(lines)


@cache
def as_kept(node: Node) -> Node:
    """A term as Oxigraph keeps it."""
    if not isinstance(node, Literal):
        return node
    store, name = ox.Store(), ox.NamedNode("urn:x")
    store.add(ox.Quad(name, name, from_rdflib(node)))
    return to_rdflib(next(iter(store)).object)


def _kept(finding: Finding) -> Finding:
    return replace(finding, focus=as_kept(finding.focus), value=finding.value and as_kept(finding.value))


def _described(findings: Iterable[Finding]) -> Graph:
    """The results as a graph: one blank node each, with a triple for each part."""
    graph = Graph()
    for finding in findings:
        result = BNode()
        for name, part in vars(finding).items():
            said = Literal(part.sparql) if isinstance(part, Path) else part
            if said is not None:
                graph.add((result, URIRef(f"urn:{name}"), said))
    return graph


def _the(graph: Graph, node: Node, predicate: URIRef) -> Node:
    value = graph.value(node, predicate, any=False)
    assert value is not None, f"a result without {predicate}"
    return value


def _node(name: str) -> rdflib.IdentifiedNode:
    """The node with this name: an IRI has a scheme, anything else is the label of a blank node."""
    return URIRef(name) if _ABSOLUTE.match(name) else BNode(name.removeprefix("_:"))
