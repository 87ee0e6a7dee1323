"""Documents that name the address of the service: written once, right under every address."""

from __future__ import annotations

import asyncio

import pyoxigraph as ox
import pytest

from kg.export.naming import Place
from kg.serve.documents import Documents
from kg.serve.negotiation import GRAPHS

MOST = 4


class Writer:
    """Writes one triple between two addresses of the service, and counts how often."""

    def __init__(self, media_type: str = GRAPHS["ntriples"]) -> None:
        self.times = 0
        self._media_type = media_type

    def __call__(self, place: Place) -> bytes:
        self.times += 1
        triple = ox.Triple(place.of(""), ox.NamedNode("http://example.org/has"), place.of("data?a=b"))
        return ox.serialize([triple], format=ox.RdfFormat.from_media_type(self._media_type)) or b""


def text(documents: Documents, writer: Writer, root: str, key: str = "a", kind: str = GRAPHS["ntriples"]) -> bytes:
    return asyncio.run(documents.get(key, kind, Place(root), writer))


def test_whatever_clients_call_the_service_a_document_is_written_once() -> None:
    documents, writer = Documents(MOST), Writer()
    for number in range(100):
        root = f"http://host{number}.example/"
        expected = f"<{root}> <http://example.org/has> <{root}data?a=b> .\n"
        assert text(documents, writer, root).decode() == expected
    assert writer.times == 1


def test_so_many_are_kept_and_no_more() -> None:
    documents, writer = Documents(MOST), Writer()
    for _ in range(2):
        for number in range(MOST):
            text(documents, writer, "http://a.example/", str(number))
    assert writer.times == MOST
    text(documents, writer, "http://a.example/", "one more")
    text(documents, writer, "http://a.example/", "0")
    assert writer.times == MOST + 2


@pytest.mark.parametrize("media_type", sorted({*GRAPHS.values()}))
@pytest.mark.parametrize("host", ["a&b", "a'b", "bücher", "[::1]:80", "a%22b", "a;b!$(c)*+,=~"])
def test_every_syntax_takes_every_address(host: str, media_type: str) -> None:
    root = f"http://{host}/"
    content = text(Documents(MOST), Writer(media_type), root, kind=media_type)
    (found,) = ox.parse(content, format=ox.RdfFormat.from_media_type(media_type))
    assert [found.subject, found.object] == [ox.NamedNode(root), ox.NamedNode(f"{root}data?a=b")]


@pytest.mark.parametrize("host", ["a<b", 'a"b', "a b"])
def test_an_address_that_is_no_iri_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="IRI"):
        text(Documents(MOST), Writer(), f"http://{host}/")
