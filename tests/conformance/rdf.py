"""RDF files of the suites as graphs that can be walked, and the one notion of sameness: isomorphism.

Notes
-----
Two sets of quads are compared by their canonical form, RDFC-1.0, so blank nodes may have any names.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyoxigraph as ox

Subject = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
SD = "http://www.w3.org/ns/sparql-service-description#"


class Graph:
    """The triples of a file, asked by subject and predicate."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.triples = tuple(triples)
        self._objects: dict[tuple[object, str], list[Term]] = {}
        for triple in self.triples:
            self._objects.setdefault((triple.subject, triple.predicate.value), []).append(triple.object)

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """The objects, in the order of the file."""
        return self._objects.get((subject, predicate), [])

    def value(self, subject: Term, predicate: str) -> Term | None:
        """The first object; None if there is none."""
        return next(iter(self.objects(subject, predicate)), None)

    def text(self, subject: Term, predicate: str) -> str | None:
        """The IRI or lexical form of the first object; None if there is none."""
        value = self.value(subject, predicate)
        assert not isinstance(value, ox.Triple)
        return None if value is None else value.value

    def subjects(self, predicate: str) -> list[Subject]:
        """What has such a property."""
        return [
            t.subject for t in self.triples if t.predicate.value == predicate and not isinstance(t.subject, ox.Triple)
        ]

    def items(self, head: Term | None) -> Iterator[Term]:
        """The items of an RDF list; none if there is no list."""
        while head is not None and head != ox.NamedNode(f"{RDF}nil"):
            yield from self.objects(head, f"{RDF}first")
            head = self.value(head, f"{RDF}rest")

    def listed(self, predicate: str) -> Iterator[Term]:
        """The items of every list that is the object of this predicate."""
        for subject in self.subjects(predicate):
            for head in self.objects(subject, predicate):
                yield from self.items(head)


@cache
def graph(file: Path, base: str) -> Graph:
    """The graph in a file; read once, so that its blank nodes are the same ones wherever it is used."""
    return Graph(quad.triple for quad in quads(file, base))


def quads(file: Path, base: str) -> list[ox.Quad]:
    """The quads in a file, by its ending."""
    syntax = ox.RdfFormat.from_extension(file.suffix[1:])
    assert syntax is not None, f"{file.name}: no RDF syntax has this ending"
    return list(ox.parse(path=str(file), format=syntax, base_iri=base, rename_blank_nodes=True))


def canonical(content: Iterable[ox.Quad]) -> list[str]:
    """The quads with canonical names for blank nodes, sorted: equal if and only if the datasets are isomorphic."""
    dataset = ox.Dataset(ox.Quad(q.subject, q.predicate, same_value(q.object), q.graph_name) for q in content)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def same_value(term: Term) -> Term:
    """A number, boolean or time in one form for its value and datatype; any other term as it is."""
    if not isinstance(term, ox.Literal) or not term.datatype.value.startswith(XSD):
        return term
    read = _VALUES.get(term.datatype.value.removeprefix(XSD))
    try:
        return ox.Literal(str(read(term.value)), datatype=term.datatype) if read else term
    except (LookupError, ValueError, ArithmeticError):
        return term  # ill-typed: its lexical form is all it has


def _decimal(text: str) -> Decimal:
    return Decimal(text).normalize() + 0  # no -0


def _float(text: str) -> float:
    return struct.unpack("f", struct.pack("f", float(text)))[0]  # type: ignore[no-any-return]


def _time(text: str) -> str:
    return re.sub(r"[+-]00:00$", "Z", text)


_VALUES: dict[str, Callable[[str], object]] = {
    "integer": int,
    "decimal": _decimal,
    "double": float,
    "float": _float,
    "date": _time,
    "dateTime": _time,
    "time": _time,
    "boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
}


def difference(expected: list[str], found: list[str]) -> str:
    """What is in one canonical form and not in the other, a line each; empty if they are equal."""
    missing, surplus = sorted(set(expected) - set(found)), sorted(set(found) - set(expected))
    return "\n".join([*(f"- {line}" for line in missing), *(f"+ {line}" for line in surplus)])
