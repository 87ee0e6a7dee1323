"""What validation found, as a value: a report can be sorted, compared, counted, written and read again.

Results come from the gate's two runs (core shapes, SPARQL constraints) and from its row counts. Nothing here decides
whether data is admitted: that is `kg.validation.gate.admit`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

import pyoxigraph
import rdflib
from rdflib import URIRef

from kg import iris
from kg.errors import StoreError, ValidationFailedError
from kg.validation.results import Result, Severity
from kg.validation.terms import to_rdflib
from kg.vocabulary import PREFIXES, SH, shortened

__all__ = ["Report", "Result", "Severity"]


@dataclass(frozen=True)
class Report:
    """All results of one validation, in a fixed order and each once: the same findings give the same report."""

    results: tuple[Result, ...] = ()

    @classmethod
    def of(cls, results: Iterable[Result]) -> Report:
        """A report of results in any order."""
        return cls(tuple(sorted(set(results), key=lambda result: result.order)))

    @classmethod
    def load(cls, file: Path) -> Report:
        """The report in a Turtle file, as `to_turtle` writes it.

        Raises
        ------
        StoreError
            The file cannot be read as Turtle.
        """
        try:
            return cls.parse(file.read_text("utf-8"))
        except (OSError, SyntaxError) as error:
            raise StoreError(f"the report {file} cannot be read: {error}") from error

    @classmethod
    def parse(cls, turtle: str) -> Report:
        """The report in a text, as `to_turtle` writes it; SyntaxError if it is not Turtle."""
        graph = rdflib.Graph()
        for triple in pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE):
            graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
        return cls.from_graph(graph)

    @classmethod
    def from_graph(cls, graph: rdflib.Graph) -> Report:
        """The report that a graph holds, ours or another validator's."""
        return cls.of(Result.read(graph, node) for node in graph.objects(None, URIRef(SH.result)))

    def __add__(self, other: Report) -> Report:
        """Both reports in one."""
        return Report.of((*self.results, *other.results))

    def located(self, places: Mapping[str, str]) -> Report:
        """The report with the source rows of its results, by the IRI of the focus node or the value."""
        return Report.of(result.located(places) for result in self.results)

    @cached_property
    def violations(self) -> tuple[Result, ...]:
        """Results that keep data out of a release."""
        return self._of(Severity.VIOLATION)

    @cached_property
    def warnings(self) -> tuple[Result, ...]:
        """Results that are published with the data: something to mend, or to know."""
        return self._of(Severity.WARNING)

    @cached_property
    def infos(self) -> tuple[Result, ...]:
        """Results that are worth a look."""
        return self._of(Severity.INFO)

    @property
    def conforms(self) -> bool:
        """Whether there is no Violation. Warnings and Infos do not count: they are for people, not for the gate."""
        return not self.violations

    def counts(self) -> dict[str, int]:
        """Number of results by severity: ``{"Violation": 0, "Warning": 2, "Info": 1}``."""
        return {severity.label: len(self._of(severity)) for severity in sorted(Severity, reverse=True)}

    def raise_for_violations(self) -> None:
        """Do nothing if the data conforms.

        Raises
        ------
        ValidationFailedError
            There is a Violation. The error carries the whole report, its text the first violations of each rule.
        """
        if not self.conforms:
            raise ValidationFailedError(f"the data was refused: {Report(self.violations).summary()}", self)

    def summary(self, first: int = 3) -> str:
        """The counts, then for each rule its first results and the number of the others."""
        return "\n".join([self.counted(), *self._lines(first)])

    def groups(self) -> Iterator[tuple[Result, ...]]:
        """The results by severity and rule, the weightiest first."""
        for _, group in groupby(self.results, key=lambda result: (result.severity_iri, result.rule)):
            yield tuple(group)

    def counted(self) -> str:
        """The counts in words: ``1 violation, 5 warnings``."""
        counts = self.counts().items()
        words = [f"{count:,} {label.lower()}{'s' * (count != 1)}" for label, count in counts if count]
        return ", ".join(words) or "no complaints"

    def to_json(self) -> str:
        """The report as JSON, one object a result; parts that a result does not have are null."""
        found = [result.to_json() for result in self.results]
        document = {"conforms": self.conforms, "counts": self.counts(), "results": found}
        return json.dumps(document, ensure_ascii=False, indent=2)

    def to_graph(self) -> rdflib.Graph:
        """The report as an sh:ValidationReport in a graph of its own."""
        return rdflib.Graph().parse(data=self.to_turtle(), format="turtle")

    def to_turtle(self) -> str:
        """The report as an sh:ValidationReport in Turtle, byte for byte the same for the same results.

        ``sh:conformanceDisallows`` (SHACL 1.2) says in which sense ``sh:conforms`` is meant.
        """
        names = [result.name for result in self.results]
        head = [
            f"<{iris.GENID}{iris.short_hash('report', *names)}> a sh:ValidationReport",
            f"sh:conforms {str(self.conforms).lower()}",
            f"sh:conformanceDisallows sh:{Severity.VIOLATION.label}",
            *(f"sh:result <{name}>" for name in names),
        ]
        blocks = [" ;\n    ".join(head), *(result.to_turtle() for result in self.results)]
        body = "\n".join(f"{block} .\n" for block in blocks)
        used = [f"@prefix {prefix}: <{iri}> ." for prefix, iri in PREFIXES.items() if f" {prefix}:" in body]
        return "\n".join([*used, "", body])

    def to_rdf(self, syntax: pyoxigraph.RdfFormat) -> bytes:
        """The report as an sh:ValidationReport in any syntax."""
        turtle = self.to_turtle().encode()
        if syntax == pyoxigraph.RdfFormat.TURTLE:
            return turtle
        triples = (quad.triple for quad in pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE))
        prefixes = {name: iri for name, iri in PREFIXES.items() if f"@prefix {name}: ".encode() in turtle}
        return pyoxigraph.serialize(triples, format=syntax, prefixes=prefixes) or b""

    def _of(self, severity: Severity) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.severity is severity)

    def _lines(self, first: int) -> Iterator[str]:
        for found in self.groups():
            yield f"{found[0].severity.label} {shortened(found[0].rule)} ({len(found)})"
            yield from (f"  {result}" for result in found[:first])
            if len(found) > first:
                yield f"  and {len(found) - first} more"
