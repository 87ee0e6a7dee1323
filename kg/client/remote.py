"""A server elsewhere: a `kg serve`, or any SPARQL endpoint, asked over HTTP.

Named queries, figures, networks and descriptions are SPARQL, so any endpoint answers them; the server's limits hold,
and rows of networks are kept nowhere. Search is no SPARQL: only a `kg serve` has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from kg.client.found import as_result
from kg.client.graph import Graph
from kg.client.results import Result
from kg.errors import NotFoundError, ParameterError, StoreError, StoreUnavailableError
from kg.queries import NamedQuery
from kg.store.remote.server import Connection, Credentials, Server
from kg.store.remote.store import RemoteStore

if TYPE_CHECKING:
    from kg.analysis.rows import Place

_ENDPOINT = "/sparql"


class RemoteGraph(Graph):
    """A server that is asked; ``release`` is known of a `kg serve`, as it was when this was opened."""

    def __init__(self, url: str, named: Mapping[str, NamedQuery], *, credentials: Credentials, timeout: float) -> None:
        with ExitStack() as opening:
            self._server, store = _endpoint(url, credentials, timeout, opening)
            root = self._server.url.removesuffix(_ENDPOINT)
            self._root = root if root != self._server.url else ""
            client = httpx.Client(transport=self._server.transport(), **self._server.settings)
            self._client = opening.enter_context(client)
            release = self._told("/ready", {}).get("release", "") if self._root else ""
            super().__init__(store, named, release=str(release), kept=opening.pop_all())

    def search(
        self,
        text: str = "",
        *,
        classes: Iterable[str] = (),
        countries: Iterable[str] = (),
        years: Iterable[str | int] = (),
        limit: int = 20,
        language: str = "en",
    ) -> Result:
        """See `Graph.search`."""
        assert self._store  # noqa: S101 - or it was closed
        told = self._told(
            "/search",
            {
                "q": text,
                "class": list(classes),
                "country": list(countries),
                "year": [str(year) for year in years],
                "limit": limit,
                "lang": language,
                "format": "json",
            },
        )
        if "hits" not in told:
            raise NotFoundError(
                f"{self._server.url} has no search: it is a SPARQL endpoint and no kg serve, or has no index; open the"
                " release in a data folder, or the address of a kg serve, or ask with FILTER(CONTAINS(...)) in query()"
            )
        return as_result(told, str(told.get("release", "")))

    @property
    def _place(self) -> Place:
        from kg.analysis.rows import Place  # noqa: PLC0415

        return Place(self._store)

    def _told(self, path: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What a `kg serve` says at a path, as JSON; nothing where there is no such thing."""
        if not self._root:
            return {}
        with self._server.explained():
            answer = self._client.get(f"{self._root}{path}", params=asked, headers={"Accept": "application/json"})
        if answer.status_code in (httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED):
            return {}
        told = _as_json(answer)
        if answer.status_code == httpx.codes.BAD_REQUEST and "parameter" in told:
            raise ParameterError(str(told["parameter"]), str(told.get("expected", told.get("detail", ""))))
        if not answer.is_success:
            self._server.refused(answer)
        return told


def _as_json(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _endpoint(url: str, credentials: Credentials, timeout: float, opening: ExitStack) -> tuple[Server, RemoteStore]:
    """The endpoint that an address means: itself, or ``/sparql`` below it, whichever answers as one."""
    refused: StoreError | None = None
    for address in _addresses(url):
        server = Server(url=address, credentials=credentials, timeout=timeout)
        with ExitStack() as trying:
            store = RemoteStore(trying.enter_context(Connection(server)))
            try:
                store.ask("ASK {}")
            except StoreUnavailableError:
                raise
            except StoreError as error:
                refused = refused or error
            else:
                opening.push(trying.pop_all())
                return server, store
    assert refused  # noqa: S101  (no address answered, and there is at least one)
    raise refused


def _addresses(url: str) -> list[str]:
    parts = urlsplit(url)
    below = urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}{_ENDPOINT}", query="", fragment=""))
    if parts.path.strip("/") == "":
        return [below, url]
    return [url] if parts.path.endswith(_ENDPOINT) else [url, below]
