"""One finding of validation and how much it weighs: the values that a report is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache

import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib.term import Node

from kg import iris
from kg.store.base import Term, text_of
from kg.validation.paths import Path
from kg.validation.terms import from_rdflib, readable, turtle
from kg.vocabulary import DCTERMS, SH

_OF_VALUE = " (of the value)"


class Severity(IntEnum):
    """How much a result weighs; a greater one weighs more.

    A Violation must not be loaded, a Warning is something to mend or to know, an Info is worth a look.
    """

    INFO = 1
    WARNING = 2
    VIOLATION = 3

    @property
    def label(self) -> str:
        """SHACL's name: ``Violation``, ``Warning`` or ``Info``."""
        return self.name.capitalize()

    @property
    def iri(self) -> str:
        """SHACL's IRI."""
        return f"{SH.namespace}{self.label}"

    @classmethod
    def of(cls, iri: str) -> Severity:
        """The severity with this IRI.

        Raises
        ------
        ValueError
            It is none of SHACL's three.
        """
        for severity in cls:
            if severity.iri == iri:
                return severity
        raise ValueError(f"{iri} is not sh:Violation, sh:Warning or sh:Info")

    @classmethod
    @cache
    def weight(cls, iri: str) -> Severity:
        """What a severity weighs at the gate: one that is none of SHACL's as much as a Violation, to be safe."""
        return next((severity for severity in cls if severity.iri == iri), cls.VIOLATION)


@dataclass(frozen=True)
class Result:
    """One thing that a shape found.

    ``shape`` is the IRI of the node or property shape (of a blank one ``_:`` and its label), ``constraint`` that of the
    SPARQL constraint where it was one, ``source`` the row that the focus node was made from ("contracts.csv, row 7"),
    or else the value ("contracts.csv, row 7 (of the value)"), where that is known, ``own_severity`` the IRI of a
    severity that is none of SHACL's.
    """

    focus: Term
    path: Path | None
    value: Term | None
    shape: str
    component: str
    severity: Severity
    message: str
    constraint: str | None = None
    source: str | None = None
    own_severity: str | None = None

    @classmethod
    def read(cls, graph: rdflib.Graph, node: Node) -> Result:
        """The result that a node of a report graph stands for.

        Raises
        ------
        ValueError
            Its path is none of SHACL's.
        """
        said = {str(predicate): value for predicate, value in sorted(graph.predicate_objects(node), reverse=True)}
        path, value = said.get(SH.resultPath), said.get(SH.value)
        constraint, source = said.get(SH.sourceConstraint), said.get(DCTERMS.source)
        return cls(
            focus=from_rdflib(said[SH.focusNode]),
            path=None if path is None else Path.read(graph, path),
            value=None if value is None else from_rdflib(value),
            shape=_named(said[SH.sourceShape]),
            component=str(said[SH.sourceConstraintComponent]),
            severity=Severity.weight(str(said[SH.resultSeverity])),
            message=str(said.get(SH.resultMessage, "")),
            constraint=None if constraint is None else _named(constraint),
            source=None if source is None else str(source),
            own_severity=own_severity(str(said[SH.resultSeverity])),
        )

    @property
    def placed(self) -> tuple[str, str] | None:
        """The node (IRI) whose place is given as the source, and the place."""
        if not self.source:
            return None
        of_value = self.source.endswith(_OF_VALUE) and self.value is not None
        node = self.value if of_value and self.value is not None else self.focus
        return text_of(node), self.source.removesuffix(_OF_VALUE)

    def located(self, places: Mapping[str, str]) -> Result:
        """The result with the place of its focus node by IRI, else of its value; as it was where neither is known.

        A focus node that is derived has no row; the value found there often has.
        """
        if place := places.get(text_of(self.focus)):
            return replace(self, source=place)
        place = places.get(text_of(self.value)) if isinstance(self.value, NamedNode) else None
        return replace(self, source=f"{place}{_OF_VALUE}") if place else self

    @property
    def severity_iri(self) -> str:
        """The IRI of the severity, SHACL's or another."""
        return self.own_severity or self.severity.iri

    @property
    def rule(self) -> str:
        """What was broken: the SPARQL constraint, else the shape."""
        return self.constraint or self.shape

    @property
    def key(self) -> tuple[str, ...]:
        """What two validators must agree on, as text: all but the message and the source row."""
        path = self.path.sparql if self.path else ""
        value = "" if self.value is None else str(self.value)
        return (
            self.own_severity or self.severity.label,
            self.rule,
            self.shape,
            self.component,
            str(self.focus),
            path,
            value,
        )

    @property
    def order(self) -> tuple[object, ...]:
        """Where the result stands in a report: the weightiest first, then by rule and focus node."""
        return (-self.severity, *self.key, self.message, self.source or "")

    @property
    def name(self) -> str:
        """The IRI of the result: a hash of what it says, as all our blank nodes are named."""
        return f"{iris.GENID}{iris.short_hash(*self.key, self.message, self.source or '')}"

    def __str__(self) -> str:
        """The result on one line: focus node, message, source row."""
        where = f" [{self.source}]" if self.source else ""
        return f"{readable(self.focus)}: {self.message}{where}"

    def to_json(self) -> dict[str, str | None]:
        """The result as a JSON object."""
        return {
            "severity": self.own_severity or self.severity.label,
            "shape": self.shape,
            "constraint": self.constraint,
            "component": self.component,
            "focus": text_of(self.focus),
            "path": str(self.path) if self.path else None,
            "value": None if self.value is None else text_of(self.value),
            "message": self.message,
            "source": self.source,
        }

    def to_turtle(self) -> str:
        """The result as an sh:ValidationResult: one block of Turtle without its final dot."""
        said = [f"{predicate} {value}" for predicate, value in self._statements() if value is not None]
        return " ;\n    ".join([f"<{self.name}> a sh:ValidationResult", *said])

    def _statements(self) -> Iterator[tuple[str, str | None]]:
        yield "sh:focusNode", str(self.focus)
        yield "sh:resultPath", self.path.turtle if self.path else None
        yield "sh:value", None if self.value is None else str(self.value)
        yield "sh:sourceShape", turtle(self.shape)
        yield "sh:sourceConstraint", turtle(self.constraint) if self.constraint else None
        yield "sh:sourceConstraintComponent", turtle(self.component)
        yield "sh:resultSeverity", turtle(self.severity_iri)
        yield "sh:resultMessage", str(Literal(self.message))
        yield "dcterms:source", str(Literal(self.source)) if self.source else None


@cache
def own_severity(iri: str) -> str | None:
    """The IRI of a severity if it is none of SHACL's three."""
    return None if any(severity.iri == iri for severity in Severity) else iri


def _named(node: Node) -> str:
    return f"_:{node}" if isinstance(node, rdflib.BNode) else str(node)
