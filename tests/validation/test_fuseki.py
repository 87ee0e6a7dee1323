"""The same plan on Apache Jena Fuseki, which shares no code with the embedded store, gives the same results."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.cli import opening
from kg.store.embedded import EmbeddedStore
from kg.store.remote import RemoteStore
from kg.validation import gate
from kg.validation.shapes import Shapes

PLACE = "repository/org/apache/jena/jena-fuseki-server/*/jena-fuseki-server-*.jar"
PATIENCE = 60
EVERY = 40


def jar() -> Path:
    """The server, as FUSEKI_JAR names it or as Maven keeps what it has fetched."""
    named = [Path(os.environ["FUSEKI_JAR"])] if "FUSEKI_JAR" in os.environ else []
    found = [*named, *sorted((Path.home() / ".m2").glob(PLACE), reverse=True)]
    if not found or not shutil.which("java"):
        pytest.skip(
            "needs java and Fuseki: mvn dependency:get -Dtransitive=false"
            " -Dartifact=org.apache.jena:jena-fuseki-server:5.1.0"
        )
    return found[0]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty data set of a server that runs meanwhile."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["java", "-Xmx1g", "-jar", str(jar()), "--localhost", f"--port={port}", "--mem", "--update", "/ds"]
    room = tmp_path_factory.mktemp("fuseki")
    with (room / "log").open("wb") as log, subprocess.Popen(command, cwd=room, stdout=log, stderr=log) as server:
        try:
            answers(f"http://127.0.0.1:{port}/$/ping", server)
            yield f"http://127.0.0.1:{port}/ds"
        finally:
            server.kill()


def answers(url: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server does."""
    for _ in range(10 * PATIENCE):
        assert server.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(url, timeout=PATIENCE).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"no answer from {url}")


def test_faults_are_found_alike(address: str, bundle: EmbeddedStore) -> None:
    """The bundle without every fortieth of its statements breaks many rules."""
    triples = sorted({quad.triple for quad in bundle.quads()}, key=str)
    faulty = [triple for number, triple in enumerate(triples) if number % EVERY]
    here = EmbeddedStore.in_memory()
    here.apply([ox.Quad(*triple, ox.NamedNode("urn:g")) for triple in faulty], [])
    body = ox.serialize(faulty, format=ox.RdfFormat.N_TRIPLES)
    headers = {"Content-Type": "application/n-triples"}
    request = urllib.request.Request(f"{address}/data?default", body, headers, method="PUT")
    urllib.request.urlopen(request, timeout=PATIENCE).close()
    shapes = Shapes.load(opening.shapes())
    there = RemoteStore(f"{address}/sparql", timeout=PATIENCE)
    found, expected = gate.check(there, shapes), gate.check(here, shapes)
    assert len({result.rule for result in expected.violations}) > 20
    assert {result.key for result in found.results} == {result.key for result in expected.results}
