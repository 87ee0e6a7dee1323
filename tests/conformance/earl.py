"""A report in EARL, which the W3C collects: one assertion for each test.

References
----------
Evaluation and Report Language (EARL) 1.0 Schema, W3C; https://www.w3.org/2011/rdf-wg/wiki/RDF_Test_Suites#Test_Manifests
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pyoxigraph as ox

from kg.iris import BASE

from .manifests import SUITES, Entry
from .rdf import XSD, Term

PREFIXES = {
    "dc": "http://purl.org/dc/terms/",
    "doap": "http://usefulinc.com/ns/doap#",
    "earl": "http://www.w3.org/ns/earl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": XSD,
}
_PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
_SUBJECT = ox.NamedNode(f"{BASE}software/kg")
_RUNNER = ox.NamedNode(f"{BASE}software/kg#conformance")


def report(missed: Mapping[str, Mapping[str, str]], entries: Mapping[str, list[Entry]], *, now: datetime) -> bytes:
    """The report in Turtle, from the tests missed, by suite and name, and all tests of each suite."""
    triples = [*_project()]
    for suite, tests in entries.items():
        for entry in tests:
            triples += _assertion(entry, missed[suite].get(entry.name), now)
    written = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    assert written is not None
    return written


def _project() -> Iterator[ox.Triple]:
    project = tomllib.loads(_PROJECT.read_text("utf-8"))["project"]
    release = ox.BlankNode()
    yield _triple(_SUBJECT, "rdf:type", _term("doap:Project"))
    yield _triple(_SUBJECT, "rdf:type", _term("earl:Software"))
    yield _triple(_SUBJECT, "rdf:type", _term("earl:TestSubject"))
    yield _triple(_SUBJECT, "doap:name", ox.Literal(project["name"]))
    yield _triple(_SUBJECT, "doap:shortdesc", ox.Literal(project["description"], language="en"))
    yield _triple(_SUBJECT, "doap:programming-language", ox.Literal("Python"))
    yield _triple(_SUBJECT, "doap:release", release)
    yield _triple(release, "rdf:type", _term("doap:Version"))
    yield _triple(release, "doap:revision", ox.Literal(project["version"]))
    yield _triple(_RUNNER, "rdf:type", _term("earl:Software"))
    yield _triple(_RUNNER, "dc:title", ox.Literal("tests/conformance of kg", language="en"))


def _assertion(entry: Entry, wrong: str | None, now: datetime) -> Iterator[ox.Triple]:
    node, result = ox.BlankNode(), ox.BlankNode()
    yield _triple(node, "rdf:type", _term("earl:Assertion"))
    yield _triple(node, "earl:assertedBy", _RUNNER)
    yield _triple(node, "earl:subject", _SUBJECT)
    yield _triple(node, "earl:test", entry.node)
    yield _triple(node, "earl:mode", _term("earl:automatic"))
    yield _triple(node, "earl:result", result)
    yield _triple(result, "rdf:type", _term("earl:TestResult"))
    yield _triple(result, "earl:outcome", _term("earl:failed" if wrong else "earl:passed"))
    yield _triple(result, "dc:date", ox.Literal(now.isoformat(timespec="seconds"), datatype=_term("xsd:dateTime")))
    yield _triple(entry.node, "dc:isPartOf", ox.Literal(SUITES[entry.suite][0], language="en"))
    if wrong:
        yield _triple(result, "dc:description", ox.Literal(wrong))


def _triple(subject: Term, predicate: str, value: Term) -> ox.Triple:
    return ox.Triple(subject, _term(predicate), value)  # type: ignore[arg-type]


def _term(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)
