"""The SPARQL 1.1 Graph Store HTTP Protocol: whole graphs, read, put, merged into and dropped.

``/data?graph=<IRI>`` and ``/data?default`` name the graph in the query, ``/graph/…`` by the address. Reading goes
through the pool of query processes, writing through the queue of writers; here HTTP is translated, nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg.errors import NotFoundError, ParameterError, ReadOnlyError
from kg.serve.access import caller
from kg.serve.answers import Header, PoolResponse, caching, content_type
from kg.serve.bodies import Room
from kg.serve.negotiation import DATASETS, GRAPHS, chosen
from kg.serve.uploads import FORM, SYNTAXES
from kg.serve.writing import graph_bodies, graph_names
from kg.serve.writing import graph_store_description as description
from kg.serve.writing.graph_names import Named
from kg.serve.writing.outcomes import told
from kg.serve.writing.writer import Writer
from kg.store.base import Published
from kg.store.changes import ANY, Condition, DropGraph, PutDataset, PutGraph, graph_tag
from kg.store.querying.base import Answer, Pool
from kg.store.querying.kept import KeptAnswer
from kg.store.querying.requests import GraphRequest

_ALLOWED = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
_ACCEPTED = ", ".join((*SYNTAXES, FORM))
_SERVICE = b'</sparql>; rel="service-desc"'
_NAMES = {media_type: name for name, media_type in GRAPHS.items()}
_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e]*)"')
_GZIPPED = "-gzip"
"""What follows in the ETag of an answer that was packed on its way."""
_SUFFIX = re.compile(rf"\.[a-z]+({_GZIPPED})?$")
WHOLE = "/data"
"""Where all graphs are read and written, besides those that a query names."""
_CREATED, _GONE = 201, 204
_BODIES_AT_ONCE = 8
"""How many bodies of the largest size may lie on the disk at once."""

Naming = Callable[[HttpRequest], Named]


def router(pool: Pool, writer: Writer | None, largest: int, bodies: Room) -> APIRouter:
    """The two places of the graph store.

    Parameters
    ----------
    writer
        None where the service takes no writes.
    largest
        Bytes that a body may have.
    bodies
        The rules for bodies in memory; those on the disk have the same ones, and more room.
    """
    routes = APIRouter(tags=["graph store"])
    room = replace(bodies, large=_BODIES_AT_ONCE * largest)
    store = _GraphStore(pool, writer, largest, room)
    _add(routes, WHOLE, store, store.indirect, description.INDIRECT)
    _add(routes, "/graph/{path:path}", store, store.direct, description.DIRECT)
    return routes


def _add(routes: APIRouter, path: str, store: _GraphStore, naming: Naming, told: description.Told) -> None:
    async def get(http: HttpRequest) -> Response:
        return store.get_all(http) if store.is_whole(path, http) else store.get(naming(http), http)

    async def put(http: HttpRequest) -> Response:
        if store.is_whole(path, http):
            return await store.put_all(http, merge=False)
        return await store.put(naming(http), http, merge=False)

    async def post(http: HttpRequest) -> Response:
        if store.is_whole(path, http):
            return await store.put_all(http, merge=True)
        return await store.put(naming(http), http, merge=True)

    async def delete(http: HttpRequest) -> Response:
        return await store.delete(naming(http), http)

    async def options() -> Response:
        return Response(status_code=_GONE, headers={"Allow": _ALLOWED, "Accept-Post": _ACCEPTED})

    async def otherwise() -> Response:
        advice = "to change parts of a graph, post an update to /sparql"
        raise HTTPException(405, f"graphs are read and written with {_ALLOWED}; {advice}", {"Allow": _ALLOWED})

    for method, endpoint in (("GET", get), ("PUT", put), ("POST", post), ("DELETE", delete)):
        routes.add_api_route(path, endpoint, methods=[method], **told[method])
    routes.add_api_route(path, get, methods=["HEAD"], include_in_schema=False)
    routes.add_api_route(path, options, methods=["OPTIONS"], include_in_schema=False)
    routes.add_api_route(path, otherwise, methods=["PATCH", "TRACE"], include_in_schema=False)


class _GraphStore:
    """What the methods do to a graph, however it was named."""

    def __init__(self, pool: Pool, writer: Writer | None, largest: int, room: Room) -> None:
        self._pool = pool
        self._writer = writer
        self._largest = largest
        self._room = room

    @property
    def _plain(self) -> bool:
        return self._pool.release.manifest.plain

    def indirect(self, http: HttpRequest) -> Named:
        """The graph that the query names; a new one, for a POST that leaves it open (section 5.5)."""
        if http.method == "POST" and graph_names.names_none(http):
            return graph_names.fresh(http, plain=self._plain)
        return graph_names.indirect(http)

    def direct(self, http: HttpRequest) -> Named:
        """The graph that the address names."""
        return graph_names.direct(http, plain=self._plain)

    @staticmethod
    def is_whole(path: str, http: HttpRequest) -> bool:
        """Whether a request is about all graphs: it names none, and speaks a syntax that does. Not in the standard.

        A POST of another syntax makes a new graph, as the standard has it (section 5.5).
        """
        if path != WHOLE or not graph_names.names_none(http):
            return False
        sent = http.headers.get("content-type", "").partition(";")[0].strip().lower()
        return http.method in ("GET", "HEAD") or sent in DATASETS.values()

    def get_all(self, http: HttpRequest) -> Response:
        """All graphs, in a syntax of datasets."""
        accept, name = http.headers.get("accept", ""), http.query_params.get("format")
        return GraphResponse(self._pool, None, chosen(DATASETS, accept=accept, name=name), http, whole=True)

    async def put_all(self, http: HttpRequest, *, merge: bool) -> Response:
        """Put what was sent in place of all graphs, or into those that it names."""
        if _condition(http):
            raise ParameterError("If-Match", "no condition on a dataset: conditions are about one graph")
        writing, base = self._writing, str(http.url.replace(query="", fragment=""))
        async with graph_bodies.received(http, self._largest, self._room) as parts:
            change = PutDataset(parts, base=base, merge=merge)
            return told(await writing.submit(change, author=caller(http.scope).name))

    def get(self, named: Named, http: HttpRequest) -> Response:
        """A graph in the syntax that the client prefers (section 5.2)."""
        accept, name = http.headers.get("accept", ""), http.query_params.get("format")
        return GraphResponse(self._pool, named.graph, chosen(GRAPHS, accept=accept, name=name), http)

    async def put(self, named: Named, http: HttpRequest, *, merge: bool) -> Response:
        """Put what was sent in place of a graph, or into it (sections 5.3 and 5.5)."""
        condition, writing = _condition(http), self._writing
        async with graph_bodies.received(http, self._largest, self._room) as parts:
            change = PutGraph(named.graph, parts, base=named.graph or named.address, merge=merge)
            written = await writing.submit(change, condition, author=caller(http.scope).name)
        if not written.created:
            return told(written, graph=named.graph)
        return told(written, _CREATED, {"Location": named.address}, graph=named.graph)

    async def delete(self, named: Named, http: HttpRequest) -> Response:
        """Drop a graph (section 5.4)."""
        change = DropGraph(named.graph)
        await self._writing.submit(change, _condition(http), author=caller(http.scope).name)
        return Response(status_code=_GONE)

    @property
    def _writing(self) -> Writer:
        if self._writer is None:
            raise ReadOnlyError("this service takes no writes")
        return self._writer


class GraphResponse(PoolResponse):
    """A whole graph. Its ETag is strong: the same graph in the same syntax is written as the same bytes."""

    def __init__(
        self, pool: Pool, graph: str | None, media_type: str, http: HttpRequest, *, whole: bool = False
    ) -> None:
        request = GraphRequest(graph=graph, media_type=media_type, head=http.method == "HEAD", whole=whole)
        super().__init__(pool, request, http)
        self._all_graphs = whole
        self._graph = graph
        self._syntax = media_type

    def _tag(self, release: Published) -> str | None:
        """Raises NotFoundError if the release has no such graph."""
        if not release.id:
            return None
        if self._all_graphs:
            return f'"{release.id}.{_NAMES[self._syntax]}"'
        tag = graph_tag(release, self._graph)
        if tag is None and self._graph is None:
            tag = release.id  # the default graph is all of it
        if tag is None:
            raise NotFoundError(f"there is no graph {self._graph}; SELECT ?g {{ GRAPH ?g {{}} }} lists those there are")
        return f'"{tag}.{_NAMES[self._syntax]}"'

    def _knows(self, tag: str) -> bool:
        return super()._knows(tag) or f'{tag[:-1]}{_GZIPPED}"' in self._known

    def _headers_of(self, answer: Answer | KeptAnswer) -> list[Header]:
        headers = [content_type(self._syntax), (b"link", _SERVICE)]
        if size := self._size(answer):
            headers.append((b"content-length", size))
        return headers + caching(self._tag(answer.release))

    def _size(self, answer: Answer | KeptAnswer) -> bytes:
        """The length of the whole answer, where it is known: to a HEAD the answer is nothing else."""
        if self._method == "HEAD":
            return answer.first
        return b"%d" % len(answer.first) if answer.received else b""


def _condition(http: HttpRequest) -> Condition | None:
    if_match, if_none_match = _tags(http, "if-match"), _tags(http, "if-none-match")
    return Condition(if_match, if_none_match) if (if_match, if_none_match) != (None, None) else None


def _tags(http: HttpRequest, header: str) -> tuple[str, ...] | None:
    """The states of a graph that a condition speaks of, whatever the syntax they were fetched in.

    A weak tag never matches in If-Match (RFC 9110, section 13.1.1).
    """
    text = ",".join(http.headers.getlist(header)).strip()
    if not text:
        return None
    if text == ANY:
        return (ANY,)
    found = list(_TAG.finditer(text))
    if _TAG.sub("", text).strip(" ,\t"):
        raise ParameterError(header, 'entity tags, as in "5f3a.turtle", or *')
    return tuple(_SUFFIX.sub("", tag[2]) for tag in found if header != "if-match" or not tag[1])
