"""Datasets of the suites: as the manifests describe them, as an update that makes a server hold one, and read back.

One update replaces the whole dataset and one query reads it, so nothing but the SPARQL Protocol is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urljoin

import pyoxigraph as ox

from . import manifests, rdf, results
from .manifests import Entry
from .rdf import MF, QT, RDFS, UT, Term
from .results import MEDIA_TYPES, Solutions
from .servers import Server

_SOURCE = re.compile(r"^\s*FROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_EVERYTHING = "SELECT ?g ?s ?p ?o WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"

Dataset = list[ox.Quad]


def described(entry: Entry, node: Term, words: str = UT) -> Dataset:
    """The dataset that a manifest describes at a node, in the words of query or of update tests.

    A graph has the label that the manifest gives it for a name, else the address of its file.
    """
    content: Dataset = []
    for data in entry.manifest.objects(node, f"{words}data"):
        content += _quads(entry.iri_of(data))
    for named in entry.manifest.objects(node, f"{words}graphData"):
        source = entry.manifest.text(named, f"{words}graph") or entry.iri_of(named)
        content += _quads(source, ox.NamedNode(entry.manifest.text(named, f"{RDFS}label") or source))
    return content


def files(entry: Entry) -> list[str]:
    """The addresses of the data that a query test asks; those with the same may share a setting."""
    actions = entry.manifest.objects(entry.node, f"{MF}action")
    roles = [f"{QT}data", f"{QT}graphData"]
    return [str(node) for action in actions for role in roles for node in entry.manifest.objects(action, role)]


def named(text: str, address: str) -> Dataset:
    """The graphs of the suite that a query names by FROM: tests of datasets say nothing else of their data."""
    names = sorted({urljoin(address, name) for name in _SOURCE.findall(text)})
    return [quad for name in names if manifests.file(name).is_file() for quad in _quads(name, ox.NamedNode(name))]


def setting(content: Dataset) -> str:
    """The update that makes this the dataset, whatever it was before."""
    graphs: dict[object, list[str]] = {}
    for quad in content:
        graphs.setdefault(quad.graph_name, []).append(f"{quad.triple} .")
    blocks = [_block(name, triples) for name, triples in graphs.items()]
    return "DROP ALL ;\nINSERT DATA {\n" + "\n".join(blocks) + "\n}" if blocks else "DROP ALL"


def held(server: Server) -> Iterator[ox.Quad]:
    """The dataset that a server holds."""
    response = server.posted_query(_EVERYTHING, MEDIA_TYPES[".srj"]).raise_for_status()
    answer = results.answer(response.content, response.headers["content-type"], "")
    assert isinstance(answer, Solutions)
    lines = (" ".join(str(row[name]) for name in "spog" if name in row) + " ." for row in answer.rows)
    yield from ox.parse("\n".join(lines), format=ox.RdfFormat.N_QUADS)


def _block(name: object, triples: list[str]) -> str:
    content = "\n".join(triples)
    return content if name == ox.DefaultGraph() else f"GRAPH {name} {{\n{content}\n}}"


@cache
def _quads(address: str, graph: ox.NamedNode | None = None) -> Dataset:
    """The file at an address, in a graph; its blank nodes are shared with no other graph, whatever the file."""
    triples = rdf.quads(manifests.file(address), address)
    return [ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in triples]
