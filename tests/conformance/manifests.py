"""The W3C manifests of the SPARQL 1.1, SPARQL 1.0 and RDF 1.1 suites, read into entries.

A suite of the README's table is one manifest of the W3C, with all it includes. The suites are not part of the project;
they are expected in ``../shared/suites/rdf-tests``.

References
----------
https://w3c.github.io/rdf-tests/, https://www.w3.org/2001/sw/DataAccess/tests/README.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from . import rdf
from .rdf import MF, RDF, Graph, Term

ROOT = Path(__file__).resolve().parents[3] / "shared" / "suites" / "rdf-tests"
BASE = "http://w3c.github.io/rdf-tests/"
"""The address at which the W3C publishes the root: relative IRIs of data, queries and results start from there."""

SPARQL = {
    "query": ("SPARQL 1.1 Query", "sparql/sparql11/manifest-sparql11-query.ttl"),
    "update": ("SPARQL 1.1 Update", "sparql/sparql11/manifest-sparql11-update.ttl"),
    "results": ("results in CSV, TSV and JSON", "sparql/sparql11/manifest-sparql11-results.ttl"),
    "federation": ("federated query", "sparql/sparql11/manifest-sparql11-fed.ttl"),
    "protocol": ("protocol", "sparql/sparql11/protocol/manifest.ttl"),
    "graph-store": ("graph store protocol", "sparql/sparql11/graph-store-protocol/manifest.ttl"),
    "description": ("service description", "sparql/sparql11/service-description/manifest.ttl"),
    "sparql10": ("SPARQL 1.0", "sparql/sparql10/manifest.ttl"),
}
RDF11 = {
    "turtle": ("Turtle", "rdf/rdf11/rdf-turtle/manifest.ttl"),
    "n-triples": ("N-Triples", "rdf/rdf11/rdf-n-triples/manifest.ttl"),
    "trig": ("TriG", "rdf/rdf11/rdf-trig/manifest.ttl"),
    "n-quads": ("N-Quads", "rdf/rdf11/rdf-n-quads/manifest.ttl"),
    "rdf-xml": ("RDF/XML", "rdf/rdf11/rdf-xml/manifest.ttl"),
}
SUITES = SPARQL | RDF11


@dataclass(frozen=True)
class Entry:
    """One test: its IRI, a name that is unique in its suite, its class, and where the manifest describes it."""

    suite: str
    name: str
    kind: str
    node: Term
    manifest: Graph

    @property
    def iri(self) -> str:
        """What EARL calls the test."""
        return self.iri_of(self.node)

    @property
    def action(self) -> Term:
        """What is to be done: a file, or a node that says more."""
        action = self.manifest.value(self.node, f"{MF}action")
        assert action is not None
        return action

    @property
    def result(self) -> Term:
        """What is to come out: a file, or a node that says more."""
        result = self.manifest.value(self.node, f"{MF}result")
        assert result is not None
        return result

    @staticmethod
    def iri_of(node: Term) -> str:
        """The address that a node of the manifest is."""
        assert isinstance(node, ox.NamedNode)
        return node.value

    def text(self, subject: Term, predicate: str) -> str:
        """The IRI or text that the manifest must give here."""
        text = self.manifest.text(subject, predicate)
        assert text is not None, f"{self.name}: no {predicate}"
        return text


def entries(suite: str, root: Path = ROOT) -> list[Entry]:
    """The tests of a suite, in the order of its manifests; none where the suites are not at hand."""
    manifest = root / SUITES[suite][1]
    return list(_entries(suite, manifest, root)) if manifest.is_file() else []


def file(iri: str, root: Path = ROOT) -> Path:
    """The file that is published at this address."""
    return root / iri.removeprefix(BASE)


def address(path: Path, root: Path = ROOT) -> str:
    """Where a file is published."""
    return BASE + path.relative_to(root).as_posix()


def _entries(suite: str, path: Path, root: Path) -> Iterator[Entry]:
    manifest = rdf.graph(path, address(path, root))
    for included in manifest.listed(f"{MF}include"):
        yield from _entries(suite, file(str(included)[1:-1], root), root)
    for node in manifest.listed(f"{MF}entries"):
        kind = manifest.text(node, f"{RDF}type")
        assert kind is not None, f"{path}: {node} has no class"
        name = f"{path.parent.name}/{str(node)[1:-1].rpartition('#')[2]}"
        yield Entry(suite, name, kind.rpartition("#")[2], node, manifest)
