"""Tests of protocols: requests that a manifest writes out in full, and what it says of the answer to each.

References
----------
The manifests of ``protocol`` and ``graph-store-protocol`` explain their own vocabulary, beside
https://www.w3.org/TR/HTTP-in-RDF10/.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import httpx
import pyoxigraph as ox

from . import datasets, rdf, results
from .manifests import Entry
from .rdf import CNT, HT, MF, Graph, Term
from .servers import Server

_UPDATE = "application/sparql-update"
_QUERY = "application/sparql-query"
_FORMATS = {
    "boolean": {"application/sparql-results+xml", "application/sparql-results+json"},
    "tabular": {
        "application/sparql-results+xml",
        "application/sparql-results+json",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"application/rdf+xml", "text/turtle", "application/n-triples", "application/ld+json"},
}
_ALONE = {"connection": "close"}
"""What follows an answer that breaks HTTP, such as a body after HEAD, is not to hit the next request."""
_STATUS = {status.phrase.replace(" ", "").casefold(): status.value for status in HTTPStatus}


@dataclass(frozen=True)
class Message:
    """A request or an answer as a manifest gives it."""

    manifest: Graph
    node: Term

    @property
    def headers(self) -> dict[str, str]:
        """The header fields; names in lower case."""
        fields = self.manifest.items(self.manifest.value(self.node, f"{HT}headers"))
        return {self._text(f, f"{HT}fieldName").lower(): self._text(f, f"{HT}fieldValue") for f in fields}

    @property
    def body(self) -> bytes | None:
        """The bytes sent, in the encoding that the manifest asks for."""
        node = self.manifest.value(self.node, f"{HT}body")
        if node is None:
            return None
        return self._text(node, f"{CNT}chars").encode(self._text(node, f"{CNT}characterEncoding"))

    def own(self, predicate: str) -> list[str]:
        """The values of a property, as text."""
        return [term.value for term in self.manifest.objects(self.node, predicate) if not isinstance(term, ox.Triple)]

    def _text(self, node: Term, predicate: str) -> str:
        text = self.manifest.text(node, predicate)
        assert text is not None
        return text


def exchange(entry: Entry, server: Server) -> str:
    """What the answers have otherwise than the manifest says, up to the first that does; empty if all are right."""
    server.hold(datasets.setting(datasets.described(entry, entry.node)))
    server.held = None
    known: dict[str, str] = {}
    requests = entry.manifest.items(entry.manifest.value(entry.action, f"{HT}requests"))
    for number, node in enumerate(requests, 1):
        request = Message(entry.manifest, node)
        expected = Message(entry.manifest, entry.manifest.value(node, f"{HT}resp") or node)
        response = _sent(server, entry, request, known)
        for name in expected.own(f"{MF}expectedLocation"):
            known[name] = str(response.url.join(response.headers.get("location", "")))
        wrong = _wrong(expected, response)
        if wrong:
            return f"request {number} ({response.request.method}): {wrong}"
    return ""


def _sent(server: Server, entry: Entry, request: Message, known: dict[str, str]) -> httpx.Response:
    (method,), (path,) = request.own(f"{HT}methodName"), request.own(f"{HT}absolutePath")
    url, body = _url(server, entry, request, path), request.body
    for name, value in known.items():
        url, body = url.replace(name, value), body and body.replace(name.encode(), value.encode())
    return server.http.request(method, url, headers=request.headers | _ALONE, content=body)


def _url(server: Server, entry: Entry, request: Message, path: str) -> str:
    """The address to send to: manifests leave open where the services are."""
    if path.startswith("/gsp/"):
        return server.direct + path.removeprefix("/gsp")
    if path.startswith("/gsp"):
        return server.graph_store + path.removeprefix("/gsp")
    content_type = request.headers.get("content-type")
    of_update = content_type == _UPDATE or ("update" in entry.name and content_type != _QUERY)
    return (server.update if of_update else server.query) + path.removeprefix("/sparql/")


def _wrong(expected: Message, response: httpx.Response) -> str:
    wanted = [name.rpartition("#")[2] for name in expected.own(f"{MF}expectedStatus")]
    if not any(_is(name, response.status_code) for name in wanted):
        return f"status {response.status_code}, expected {' or '.join(wanted)}: {response.text[:200]}"
    media_type = response.headers.get("content-type", "").partition(";")[0].strip()
    for name in expected.own(f"{MF}expectedFormat"):
        if media_type not in _FORMATS[name]:
            return f"the type {media_type or 'nothing'}, expected {name}"
    for boolean in expected.own(f"{MF}expectedBoolean"):
        return results.difference(boolean == "true", results.answer(response.content, media_type, ""))
    return _wrong_graph(expected, response, media_type)


def _wrong_graph(expected: Message, response: httpx.Response, media_type: str) -> str:
    wanted_type = expected.headers.get("content-type", media_type).partition(";")[0]
    if media_type != wanted_type:
        return f"the type {media_type or 'nothing'}, expected {wanted_type}"
    if expected.body is None:
        return ""
    syntax = ox.RdfFormat.from_media_type(media_type)
    wanted, found = (
        rdf.canonical(ox.parse(body, format=syntax, base_iri=str(response.url)))
        for body in (expected.body, response.content)
    )
    return rdf.difference(wanted, found)


def _is(name: str, status: int) -> bool:
    """Whether a status is one of those that a name of the W3C's list stands for, such as Created or StatusCode2xx."""
    if name.startswith("StatusCode"):
        return status // 100 == int(name.removeprefix("StatusCode")[0])
    return status == _STATUS[name.casefold()]
