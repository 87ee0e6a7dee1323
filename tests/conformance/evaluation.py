"""Tests of the query and update languages: data, text and the outcome; or a text that is or is not in the language.

Notes
-----
A text to be evaluated gets a ``BASE`` in front, the address at which the W3C publishes it; a text of a syntax test goes
as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from . import datasets, manifests, rdf, results
from .manifests import Entry
from .rdf import MF, QT, UT
from .results import MEDIA_TYPES, Solutions
from .servers import Server

_MALFORMED = 400
_ORDERED = re.compile(r"\bORDER\s+BY\b[^{}]*$", re.IGNORECASE)
_TRIPLES = "application/n-triples"


def query(entry: Entry, server: Server) -> str:
    """What a query's answer has otherwise than the suite says; empty if it is the same."""
    address = entry.text(entry.action, f"{QT}query")
    text = _read(address)
    elsewhere = _elsewhere(entry, server)
    data = datasets.described(entry, entry.action, QT) + datasets.named(text, address)
    server.hold(elsewhere.named_here(datasets.setting(data)))
    wanted = _wanted(entry, text)
    response = server.posted_query(elsewhere.named_here(_based(text, address)), _accept(entry, wanted))
    if not response.is_success:
        return _refusal(response)
    content = elsewhere.named_there(response.content)
    found = results.answer(content, response.headers.get("content-type", ""), address)
    lax = entry.manifest.text(entry.node, f"{MF}resultCardinality") == f"{MF}LaxCardinality"
    return results.difference(wanted, found, lax=lax)


def update(entry: Entry, server: Server) -> str:
    """What an update makes of the dataset otherwise than the suite says; empty if it is the same."""
    server.hold(datasets.setting(datasets.described(entry, entry.action)))
    address = entry.text(entry.action, f"{UT}request")
    response = server.posted_update(_based(_read(address), address))
    if not response.is_success:
        return _refusal(response)
    wanted = datasets.described(entry, entry.result)
    return rdf.difference(rdf.canonical(wanted), rdf.canonical(datasets.held(server)))


def syntax(entry: Entry, server: Server) -> str:
    """Whether a text is taken for one of the language, and should not be, or the other way round; empty if all is well.

    A text is taken for none of the language if it is refused as malformed, status 400. Any other refusal is one of what
    it asks for, such as loading from an address that does not exist.
    """
    file = manifests.file(entry.iri_of(entry.action))
    text = file.read_text("utf-8")
    response = server.posted_query(text, "*/*") if file.suffix == ".rq" else server.posted_update(text)
    if "Positive" in entry.kind:
        return _refusal(response) if response.status_code == _MALFORMED else ""
    return "" if response.status_code == _MALFORMED else f"not refused as malformed: {response.status_code}"


def _wanted(entry: Entry, text: str) -> results.Answer:
    """The answer in the file of the suite; its order counts where the query asks for one."""
    address = entry.iri_of(entry.result)
    wanted = results.expected(manifests.file(address), address)
    return replace(wanted, ordered=True) if isinstance(wanted, Solutions) and _ORDERED.search(text) else wanted


def _accept(entry: Entry, wanted: results.Answer) -> str:
    """The format to ask for: that of the file with the answer, else one that says all."""
    other = _TRIPLES if isinstance(wanted, tuple) else MEDIA_TYPES[".srj"]
    return MEDIA_TYPES.get(Path(entry.iri_of(entry.result)).suffix, other)


@dataclass(frozen=True)
class _Elsewhere:
    """The endpoints that a query asks by SERVICE: what the suite calls each, and where its stand-in is."""

    endpoints: Mapping[str, str]

    def named_here(self, text: str) -> str:
        for name, address in self.endpoints.items():
            text = text.replace(f"<{name}>", f"<{address}>")
        return text

    def named_there(self, content: bytes) -> bytes:
        for name, address in self.endpoints.items():
            content = content.replace(address.encode(), name.encode())
        return content


def _elsewhere(entry: Entry, server: Server) -> _Elsewhere:
    """The endpoints of a test, holding what it says of them."""
    endpoints = {}
    nodes = entry.manifest.objects(entry.action, f"{QT}serviceData")
    for node, service in zip(nodes, server.services[: len(nodes)], strict=True):
        service.hold(datasets.setting(datasets.described(entry, node, QT)))
        endpoints[entry.text(node, f"{QT}endpoint")] = service.query
    return _Elsewhere(endpoints)


def _based(text: str, address: str) -> str:
    return f"BASE <{address}>\n{text}"


def _read(address: str) -> str:
    return manifests.file(address).read_text("utf-8")


def _refusal(response: httpx.Response) -> str:
    return f"{response.status_code}: {response.text[:300]}"
