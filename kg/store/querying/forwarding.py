"""SERVICE calls of the engine, led through a forwarder of ours that keeps to the list of hosts and to limits.

Oxigraph's own client waits for ever, reads whatever comes, and connects to any address. So before a query is evaluated
its calls are pointed at a server in a thread of this process, on loopback and under a path that nobody can guess, which
asks the other server in its place. The engine lets go of the interpreter while it waits.

The engine asks the same again for each row that an EXISTS is tried on, and takes a failure there for "no". So each
answer is kept for the length of the query, and a failure that SILENT does not cover is told at its end.
"""

from __future__ import annotations

import collections
import secrets
import threading
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyoxigraph as ox

from kg.errors import KgError, OtherServerError, RefusedError
from kg.sparql.clauses import refuse_service
from kg.sparql.hosts import Hosts
from kg.sparql.services import Call, calls, pointed
from kg.store.querying.outside import Outside, Reply

_JSON, _XML = ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML
_RESULTS = {
    "application/sparql-results+json": _JSON,
    "application/json": _JSON,
    "application/sparql-results+xml": _XML,
    "application/xml": _XML,
    "text/xml": _XML,
}


class Services:
    """What stands between the queries of one process and other servers; queries come one after the other."""

    def __init__(self) -> None:
        self._server: _Server | None = None

    @property
    def failure(self) -> KgError | None:
        """What went wrong with a call of the present query, if anything did that SILENT does not pass over."""
        return self._server.failure if self._server else None

    def check(self) -> None:
        """Raise `failure`, which the engine may have passed over."""
        if self.failure:
            raise self.failure

    def prepared(self, query: str, base: str | None, outside: Outside) -> str:
        """The query to evaluate in place of this one: the same, unless it calls SERVICE.

        Raises
        ------
        RefusedError
            It calls a server that is not listed, or one that is not known before it runs. What SILENT covers gives
        nothing instead, and what stands inside another call is the other server's to refuse.
        QuerySyntaxError
            It does not parse.
        """
        if self._server:
            self._server.begin((), outside)
        if outside.hosts == Hosts():
            refuse_service(query, base)
            return query
        found = calls(query, base)
        if not found:
            return query
        for call in found:
            if not call.silent and not call.inner:
                outside.hosts.place(call.address)
        if self._server is None:
            self._server = _started()
        return pointed(query, found, self._server.begin(found, outside))


class _Server(ThreadingHTTPServer):
    """The forwarder; each call of a query has a path of its own."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.begin((), Outside(Hosts()))

    def begin(self, found: Sequence[Call], outside: Outside) -> list[str]:
        """Serve another query: the addresses that are to stand in its calls."""
        secret = secrets.token_urlsafe()
        self.failure: KgError | None = None
        self.calls = {f"/{secret}/{number}": call for number, call in enumerate(found)}
        self._outside = outside
        self._known: dict[tuple[str, bytes], tuple[str, bytes] | KgError] = {}
        self._addresses = [f"http://127.0.0.1:{self.server_port}{path}" for path in self.calls]
        return self._addresses

    def asked(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[str, bytes]:
        """Media type and bytes of the answer to a call.

        Raises
        ------
        KgError
            There is none.
        """
        if (path, body) not in self._known:
            self._known[path, body] = self._fetched(path, headers, body)
        known = self._known[path, body]
        if isinstance(known, KgError):
            raise known
        return known

    def _fetched(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[str, bytes] | KgError:
        call = self.calls.get(path)
        if call is None:
            return RefusedError("there is nothing here")
        for own, inner in zip(self._addresses, self.calls.values(), strict=True):
            body = body.replace(own.encode(), inner.address.encode())
        try:
            with self._outside.ask("POST", call.address, headers=headers, body=body) as reply:
                return reply.media_type, _results(reply)
        except KgError as error:
            self.failure = self.failure if call.silent else error
            return error


class _Handler(BaseHTTPRequestHandler):
    """Passes one request on, and the answer back as it comes."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        """What Oxigraph sends: the query as the body.

        An answer is passed on when it is there as a whole: of one that is broken off Oxigraph makes an error at best,
        and at worst reads on until there is no memory.
        """
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: self.headers[name] for name in ("Accept", "Content-Type") if name in self.headers}
        try:
            self._answer(HTTPStatus.OK, *self.server.asked(self.path, headers, body))
        except KgError:
            self._answer(HTTPStatus.BAD_GATEWAY, "text/plain", b"")

    def log_message(self, *_: object) -> None:
        """Nothing: what goes wrong is told to whoever asked."""

    def _answer(self, status: HTTPStatus, media_type: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _results(reply: Reply) -> bytes:
    """The whole answer, having been read once: what the engine finds wrong with it SILENT would not pass over."""
    media_type = reply.media_type.partition(";")[0].strip().lower()
    if media_type not in _RESULTS:
        raise OtherServerError(f"{reply.address} answered with {media_type or 'nothing'}, not with SPARQL results")
    content = b"".join(reply.pieces)
    try:
        _read_through(content, _RESULTS[media_type])
    except (SyntaxError, ValueError) as error:
        raise OtherServerError(f"{reply.address} answered with what are not SPARQL results") from error
    return content


def _read_through(content: bytes, syntax: ox.QueryResultsFormat) -> None:
    results = ox.parse_query_results(content, syntax)
    try:
        if isinstance(results, ox.QuerySolutions):
            collections.deque(results, maxlen=0)
    finally:
        del results  # an error keeps its frames, and this one is told in another thread


def _started() -> _Server:
    server = _Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
