"""Tests of RDF 1.1 syntaxes through the graph store: a document is put as a graph and, in evaluation tests, read back.

The graph has the address at which the suite assumes the document, so relative IRIs resolve as it expects. Suites of
datasets, N-Quads and TriG, have no place here: the graph store protocol is about graphs.
"""

from __future__ import annotations

import pyoxigraph as ox

from . import manifests, rdf
from .manifests import Entry
from .rdf import MF
from .servers import Server

_TRIPLES = "application/n-triples"


def document(entry: Entry, server: Server) -> str:
    """What becomes of a document otherwise than the suite says; empty if all is well."""
    file = manifests.file(entry.iri_of(entry.action))
    base = _base(entry)
    syntax = ox.RdfFormat.from_extension(file.suffix[1:])
    assert syntax is not None
    server.held = None
    put = server.http.put(
        server.graph_store,
        params={"graph": base},
        content=file.read_bytes(),
        headers={"Content-Type": syntax.media_type},
    )
    if "Negative" in entry.kind:
        return "" if put.is_client_error else f"not refused: {put.status_code}"
    if not put.is_success:
        return f"{put.status_code}: {put.text[:300]}"
    return _read_back(entry, server, base) if "Eval" in entry.kind else ""


def _read_back(entry: Entry, server: Server, base: str) -> str:
    answer = server.http.get(server.graph_store, params={"graph": base}, headers={"Accept": _TRIPLES})
    wanted = rdf.canonical(rdf.quads(manifests.file(entry.iri_of(entry.result)), base))
    if not wanted and answer.status_code == 404:
        return ""  # a store may forget graphs that are empty
    if not answer.is_success:
        return f"{answer.status_code}: {answer.text[:300]}"
    return rdf.difference(wanted, rdf.canonical(ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES)))


def _base(entry: Entry) -> str:
    """The address that the suite assumes for the document."""
    address = entry.iri_of(entry.action)
    for manifest in entry.manifest.subjects(f"{MF}assumedTestBase"):
        own = entry.iri_of(manifest).rpartition("/")[0]
        return entry.text(manifest, f"{MF}assumedTestBase") + address.removeprefix(f"{own}/")
    return address
