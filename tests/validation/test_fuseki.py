"""The same plan on Apache Jena Fuseki, which shares no code with the embedded store, gives the same results."""

from __future__ import annotations

import urllib.request

import pyoxigraph as ox

from kg.cli import opening
from kg.store.embedded import EmbeddedStore
from kg.store.remote.server import Connection, Server
from kg.store.remote.store import RemoteStore
from kg.validation import gate
from kg.validation.shapes import Shapes

from ..servers import Started

PATIENCE = 60
EVERY = 40


def test_faults_are_found_alike(fuseki: Started, bundle: EmbeddedStore) -> None:
    """The bundle without every fortieth of its statements breaks many rules."""
    triples = sorted({quad.triple for quad in bundle.quads()}, key=str)
    faulty = [triple for number, triple in enumerate(triples) if number % EVERY]
    here = EmbeddedStore.in_memory()
    here.apply([ox.Quad(*triple, ox.NamedNode("urn:g")) for triple in faulty], [])
    body = ox.serialize(faulty, format=ox.RdfFormat.N_TRIPLES)
    headers = {"Content-Type": "application/n-triples"}
    request = urllib.request.Request(f"{fuseki.graphs}?default", body, headers, method="PUT")
    urllib.request.urlopen(request, timeout=PATIENCE).close()
    shapes = Shapes.load(opening.shapes())
    with Connection(Server(url=fuseki.query, timeout=PATIENCE)) as connection:
        found = gate.check(RemoteStore(connection), shapes)
    fuseki.empty()
    expected = gate.check(here, shapes)
    assert len({result.rule for result in expected.violations}) > 20
    assert {result.key for result in found.results} == {result.key for result in expected.results}
