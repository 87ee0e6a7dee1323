"""A SPARQL server as a store: what goes out, what comes in, what can go wrong; the server is a thread of the test."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl

import pyoxigraph as ox
import pytest

from kg.errors import ConfigError, KgError, QueryError, QueryTimeoutError, ReadOnlyError, StoreError
from kg.store.remote import RemoteStore

A, B, P, G = (ox.NamedNode(f"http://example.org/{name}") for name in "abpg")
SRJ, NT = "application/sparql-results+json", "application/n-triples"


@dataclass
class Server:
    """Answers everything with one answer, and remembers what it was asked."""

    status: int = 200
    media_type: str = SRJ
    body: bytes = b'{"head": {}, "boolean": true}'
    location: str = ""
    missing: int = 0
    patience: float = 0.0
    url: str = ""
    asked: list[dict[str, object]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    told, left = Server(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())
            told.asked.append({"form": form, "path": self.path, **{k.lower(): v for k, v in self.headers.items()}})
            self.send_response(told.status)
            self.send_header("Content-Type", told.media_type)
            self.send_header("Content-Length", str(len(told.body) + told.missing))
            if told.location:
                self.send_header("Location", told.location)
            self.end_headers()
            self.wfile.write(told.body)
            self.wfile.flush()
            left.wait(told.patience)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        told.url = f"http://127.0.0.1:{http.server_port}/sparql?x=1"
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield told
        left.set()
        http.shutdown()
        thread.join()


def test_a_question_goes_out_as_the_protocol_has_it(server: Server) -> None:
    store = RemoteStore(server.url.replace("//", "//me:p%40ss@"))
    assert store.ask("ASK {}", graphs=[A.value, B.value])
    (asked,) = server.asked
    graphs = [("default-graph-uri", A.value), ("default-graph-uri", B.value)]
    assert (asked["form"], asked["path"]) == ([("query", "ASK {}"), *graphs], "/sparql?x=1")
    assert (asked["authorization"], SRJ in str(asked["accept"])) == ("Basic bWU6cEBzcw==", True)
    assert "p%40ss" not in store.url


def test_answers_are_terms_and_what_is_unbound_is_absent(server: Server) -> None:
    server.body = (
        b'{"head": {"vars": ["s", "o"]}, "results": {"bindings": ['
        b'{"s": {"type": "uri", "value": "http://example.org/a"}, '
        b'"o": {"type": "literal", "value": "x", "xml:lang": "en"}}, {"s": {"type": "bnode", "value": "b1"}}]}}'
    )
    rows = list(RemoteStore(server.url).select("SELECT ?s ?o {}"))
    assert rows == [{"s": A, "o": ox.Literal("x", language="en")}, {"s": ox.BlankNode("b1")}]


def test_triples_graphs_and_quads(server: Server) -> None:
    store = RemoteStore(server.url)
    server.media_type, server.body = NT, f"{A} {P} {B} .".encode()
    assert list(store.construct("CONSTRUCT WHERE { ?s ?p ?o }")) == [ox.Triple(A, P, B)]
    assert list(store.quads(G.value)) == [ox.Quad(A, P, B, G)]
    with pytest.raises(ReadOnlyError):
        store.apply([], [])


WRONG: dict[str, tuple[dict[str, object], type[KgError], str]] = {
    "refused": ({"status": 400, "body": b"no  prefix\nex:"}, QueryError, "answers 400 Bad Request: no prefix ex:"),
    "broken": ({"status": 500, "body": b"oh"}, StoreError, "answers 500"),
    "elsewhere": ({"status": 302, "location": "http://example.org/", "body": b""}, StoreError, "answers 302 Found"),
    "a page": ({"media_type": "text/html; charset=utf-8", "body": b"<p>"}, StoreError, "answers with text/html, not"),
    "no type": ({"media_type": ""}, StoreError, "not as a SPARQL endpoint does"),
    "nonsense": ({"body": b"{nonsense"}, StoreError, "cannot be read"),
    "another form": ({"body": b'{"head": {"vars": []}, "results": {"bindings": []}}'}, QueryError, "expected an ASK"),
}


@pytest.mark.parametrize(("parts", "error", "text"), WRONG.values(), ids=WRONG)
def test_what_goes_wrong_is_said(parts: dict[str, object], error: type[KgError], text: str, server: Server) -> None:
    for name, value in parts.items():
        setattr(server, name, value)
    with pytest.raises(error, match=text) as caught:
        RemoteStore(server.url).ask("ASK {}")
    assert type(caught.value) is error


@pytest.mark.parametrize(("patience", "error"), [(0, StoreError), (30, QueryTimeoutError)])
def test_half_an_answer_is_none(patience: float, error: type[KgError], server: Server) -> None:
    server.body = b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "bnode", "value": "b1"}}'
    server.missing, server.patience = 2, patience
    with pytest.raises(error) as caught:
        list(RemoteStore(server.url, timeout=0.2).select("SELECT * {}"))
    assert type(caught.value) is error


@pytest.mark.parametrize("url", ["ftp://example.org/", "file:///etc/passwd", "localhost:8000", "http://", ""])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="is not the address of a SPARQL endpoint"):
        RemoteStore(url)
