"""Tests of RDF 1.1 syntaxes through the graph store: a document is put as a graph and, in evaluation tests, read back.

The graph has the address at which the suite assumes the document, so relative IRIs resolve as it expects. The protocol
is about graphs, and says nothing of datasets; N-Quads and TriG are put to the graph store without the name of a graph,
which kg, Oxigraph and Fuseki take as all graphs. Such a document has the address of the graph store, so what it says
relative to that is expected relative to it.
"""

from __future__ import annotations

import pyoxigraph as ox

from . import manifests, rdf
from .manifests import Entry
from .rdf import MF
from .servers import Server

_TRIPLES, _QUADS = "application/n-triples", "application/n-quads"


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


def dataset(entry: Entry, server: Server) -> str:
    """What becomes of a document with graphs otherwise than the suite says; empty if all is well."""
    file = manifests.file(entry.iri_of(entry.action))
    syntax = ox.RdfFormat.from_extension(file.suffix[1:])
    assert syntax is not None
    server.held = None
    put = server.http.put(server.graph_store, content=file.read_bytes(), headers={"Content-Type": syntax.media_type})
    if "Negative" in entry.kind:
        return "" if put.is_client_error else f"not refused: {put.status_code}"
    if not put.is_success:
        return f"{put.status_code}: {put.text[:300]}"
    return _all_read_back(entry, server) if "Eval" in entry.kind else ""


def _all_read_back(entry: Entry, server: Server) -> str:
    base = _base(entry)
    answer = server.http.get(server.graph_store, headers={"Accept": _QUADS})
    if not answer.is_success:
        return f"{answer.status_code}: {answer.text[:300]}"
    here, there = server.graph_store, base
    moved = answer.text.replace(f"<{here}>", f"<{there}>").replace(f"<{here}#", f"<{there}#")
    moved = moved.replace(f"<{here.rpartition('/')[0]}/", f"<{there.rpartition('/')[0]}/")
    wanted = rdf.canonical(rdf.quads(manifests.file(entry.iri_of(entry.result)), base))
    return rdf.difference(wanted, rdf.canonical(ox.parse(moved, format=ox.RdfFormat.N_QUADS)))


def _base(entry: Entry) -> str:
    """The address that the suite assumes for the document."""
    address = entry.iri_of(entry.action)
    for manifest in entry.manifest.subjects(f"{MF}assumedTestBase"):
        own = entry.iri_of(manifest).rpartition("/")[0]
        return entry.text(manifest, f"{MF}assumedTestBase") + address.removeprefix(f"{own}/")
    return address
