"""``/ontology`` and ``/shapes``: each a document with one anchor a term, as a page or in a syntax of RDF.

Terms are named with a number sign, so that what is fetched is always the whole document, and a browser finds the place
in it. Both are files of the project: a release holds no shapes, and one made without the project's files no ontology.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg import iris
from kg.serve.languages import wish
from kg.serve.negotiation import GRAPHS, HTML, chosen
from kg.serve.resources import described_api as api
from kg.serve.resources.addresses import SUFFIXES
from kg.serve.resources.documents import tagged
from kg.serve.views.pages import Pages
from kg.store.querying import graph_dump
from kg.vocabulary import PREFIXES

_OFFERED = {**GRAPHS, "html": HTML}


def router(pages: Pages, files: Mapping[str, Sequence[Path]]) -> APIRouter:
    """Each document, and each syntax of it by its extension.

    Parameters
    ----------
    files
        Turtle files by the name of the document: ``ontology``, ``shapes``.
    """
    routes = APIRouter(tags=["resources"])
    for name, those in files.items():
        vocabulary = _Vocabulary(name, those, pages)
        routes.add_api_route(f"/{name}", vocabulary.answer, methods=["GET"], **api.VOCABULARY[name])
        routes.add_api_route(f"/{name}", vocabulary.answer, methods=["HEAD"], include_in_schema=False)
        for suffix in SUFFIXES:
            path = f"/{name}.{suffix}"
            routes.add_api_route(path, vocabulary.in_syntax, methods=["GET", "HEAD"], include_in_schema=False)
    return routes


class _Vocabulary:
    """A document of terms. Its files are read once, when somebody asks."""

    def __init__(self, name: str, files: Sequence[Path], pages: Pages) -> None:
        self._namespace = f"{iris.BASE}{name}#"
        self._files = files
        self._pages = pages
        self._made: dict[str, bytes] = {}

    @cached_property
    def _triples(self) -> list[ox.Triple]:
        return [quad.triple for file in self._files for quad in ox.parse(path=str(file))]

    async def answer(self, http: HttpRequest) -> Response:
        """The document in the form that suits the client."""
        media_type = chosen(_OFFERED, accept=http.headers.get("accept", ""), name=http.query_params.get("format"))
        if media_type != HTML:
            return self._answer(http, media_type, {"Vary": "Accept"})
        wished = wish(http)
        body = self._pages.vocabulary(self._namespace, self._triples, wished).encode()
        headers = {"Vary": "Accept, Accept-Language", "Content-Language": wished.words}
        return tagged(http, body, f"{HTML}; charset=utf-8", headers)

    async def in_syntax(self, http: HttpRequest) -> Response:
        """The document in the syntax that the address ends in."""
        return self._answer(http, GRAPHS[SUFFIXES[http.url.path.rpartition(".")[2]]], {})

    def _answer(self, http: HttpRequest, media_type: str, headers: Mapping[str, str]) -> Response:
        if media_type not in self._made:
            self._made[media_type] = _written(self._triples, media_type)
        return tagged(http, self._made[media_type], media_type, headers)


def _written(triples: Sequence[ox.Triple], media_type: str) -> bytes:
    syntax, output = ox.RdfFormat.from_media_type(media_type), io.BytesIO()
    assert syntax is not None  # noqa: S101  (all of GRAPHS are known to the library)
    graph_dump.write(iter(triples), syntax, output, prefixes=PREFIXES)
    return output.getvalue()
