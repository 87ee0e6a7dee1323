"""One SPARQL 1.1 server, talked to over HTTP: addresses, credentials, what is tried again, and what errors mean.

Whatever may be done twice is tried again when a connection fails or the server says that it is busy (429, 502, 503,
504): after a moment that grows and has chance in it, or after as long as ``Retry-After`` says, a few times, and not for
ever. Silence is not tried again, since the server may still be at work. Redirects are not followed: they would lose the
query, and might take a password elsewhere.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn, Self
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from httpx_retries import Retry, RetryTransport

from kg import __version__
from kg.errors import (
    ConfigError,
    QueryError,
    QuerySyntaxError,
    QueryTimeoutError,
    StoreBusyError,
    StoreError,
    StoreUnavailableError,
)
from kg.sparql.clauses import syntax_error

Fields = Sequence[tuple[str, str]]
"""Names and values of a form."""

RETRY = Retry(
    total=4,
    allowed_methods=("GET", "POST"),
    backoff_factor=0.25,
    max_backoff_wait=10.0,
    total_timeout=20.0,
    retry_on_exceptions=(
        *(httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError),
    ),
)
"""For a POST that asks, or that adds triples which may be there already: it may be sent twice."""

_ONCE = Retry(total=0)
_CONNECT_SECONDS = 10.0
_EXCERPT = 500
_WRONG, _NO_ENTRY, _BUSY, _LATE = (400,), (401, 403), (429, 503), (408, 504)
_NOTHING = "INSERT DATA {}"
"""An update that changes nothing shows where updates go."""


@dataclass(frozen=True)
class Credentials:
    """What a server wants to see: a name and password (Basic), or a token (Bearer); nothing if all are empty."""

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server by its addresses, and how it is talked to; this holds no connection.

    Parameters
    ----------
    url
        Where queries go, ``http`` or ``https``.
    updates
        Where updates go; empty if that is to be found out.
    timeout
        Seconds for which it may be silent.
    publish_timeout
        The same while it moves a whole release into place.
    retry
        What is tried again of that which may be done twice.
    alias
        What it is called in errors, where its address is nobody's business.

    Raises
    ------
    ConfigError
        An address is none of a server, or holds a password.
    """

    url: str
    updates: str = ""
    credentials: Credentials = Credentials()
    timeout: float = 60.0
    publish_timeout: float = 600.0
    retry: Retry = field(default=RETRY, compare=False, repr=False)
    alias: str = ""

    @property
    def called(self) -> str:
        """What it is called in errors."""
        return self.alias or self.url

    def __post_init__(self) -> None:
        for address in (self.url, self.updates or self.url):
            _check(address)

    def transport(self, sending: httpx.HTTPTransport | None = None) -> RetryTransport:
        """What sends requests, again where that may help."""
        return RetryTransport(sending or httpx.HTTPTransport(proxy=_proxy(self.url)), self.retry)

    def transport_async(self, limits: httpx.Limits) -> RetryTransport:
        """The same for an event loop, with so many connections."""
        return RetryTransport(httpx.AsyncHTTPTransport(proxy=_proxy(self.url), limits=limits), self.retry)

    @property
    def settings(self) -> dict[str, Any]:
        """What a client of httpx is made with."""
        shown = self.credentials
        bearer = {"Authorization": f"Bearer {shown.token}"} if shown.token else {}
        return {
            "auth": httpx.BasicAuth(shown.user, shown.password) if shown.user and not shown.token else None,
            "headers": {"User-Agent": f"kg/{__version__}", **bearer},
            "timeout": httpx.Timeout(self.timeout, connect=min(self.timeout, _CONNECT_SECONDS)),
        }

    @contextmanager
    def explained(self, seconds: float | None = None) -> Iterator[None]:
        """Turn what goes wrong on the way into an error of ours; ``seconds`` is how long it might be silent."""
        try:
            yield
        except httpx.NetworkError as error:
            raise StoreUnavailableError(f"{self.called} cannot be reached: {error}") from error
        except httpx.TimeoutException as error:
            raise QueryTimeoutError(f"{self.called} was silent for {seconds or self.timeout:g} seconds") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, SyntaxError, ValueError) as error:
            raise StoreError(f"the answer of {self.called} cannot be read: {error}") from error

    def refused(self, answer: httpx.Response, query: str | None = None) -> NoReturn:
        """Raise what an answer means that is none, and of which the text has been read.

        Raises
        ------
        QuerySyntaxError, QueryError
            The query is wrong.
        QueryTimeoutError, StoreBusyError
            The server ended it; it has no time, however often it was asked.
        StoreError
            Anything else.
        """
        status = answer.status_code
        text = " ".join(answer.text[:_EXCERPT].split())
        told = f"{self.called} answers {status} {answer.reason_phrase}: {text}"
        if status in _WRONG:
            if query is not None and (error := syntax_error(query)):
                raise QuerySyntaxError(f"this is not SPARQL: {error}")
            raise QueryError(told)
        if status in _NO_ENTRY:
            raise StoreError(
                f"{told} (credentials are taken from KG_STORE_USER and KG_STORE_PASSWORD, or KG_STORE_TOKEN)"
            )
        if status in _LATE:
            raise QueryTimeoutError(told)
        raise StoreBusyError(told) if status in _BUSY else StoreError(told)

    def no_endpoint(self, media_type: str) -> StoreError:
        """What to raise for an answer that is neither results nor triples."""
        return StoreError(
            f"{self.called} answers with {media_type or 'something'}, not as a SPARQL endpoint does;"
            " give the address of the endpoint itself, such as http://localhost:3030/kg/sparql"
        )


class Connection:
    """Connections to a server, kept until the end of the ``with``; for one thread at a time.

    Attributes
    ----------
    alone
        Held by each of several threads that share it, while they ask.
    """

    def __init__(self, server: Server, *, sending: httpx.HTTPTransport | None = None) -> None:
        self.server = server
        self.alone = threading.RLock()
        self._client = httpx.Client(transport=server.transport(sending), **server.settings)
        self._updates = server.updates

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    @contextmanager
    def asked(self, query: str, fields: Fields, accept: str) -> Iterator[httpx.Response]:
        """The answer to a query, while it is read; ``fields`` state its dataset."""
        with (
            self.server.explained(),
            self._client.stream(
                "POST", self.server.url, content=form(query, fields), headers={**FORM, "Accept": accept}
            ) as answer,
        ):
            if not answer.is_success:
                answer.read()
                self.server.refused(answer, query)
            yield answer

    def update(self, text: str, *, once: bool = False) -> None:
        """Have an update carried out, which is one transaction where the server has such.

        Parameters
        ----------
        once
            Never send it twice, and wait longer: it does what can be done once only.

        Raises
        ------
        StoreError
            It was not carried out, or, if it was QueryTimeoutError or StoreUnavailableError, perhaps it was.
        ConfigError
            It is not known where updates go.
        """
        address = self._updates = self._updates or self._found()
        seconds = self.server.publish_timeout if once else self.server.timeout
        with self.server.explained(seconds):
            answer = self._posted(address, text, timeout=seconds, extensions={"retry": _ONCE} if once else None)
        if not answer.is_success:
            self.server.refused(answer)

    def _found(self) -> str:
        """Where an empty update is taken."""
        url, told = self.server.url, list[str]()
        for address in dict.fromkeys((url, urljoin(url, "update"), f"{url.rstrip('/')}/statements")):
            with self.server.explained():
                answer = self._posted(address, _NOTHING)
            if answer.is_success:
                return address
            told.append(f"{address} answers {answer.status_code}")
        raise ConfigError(
            f"{self.server.called} takes no updates, as far as can be found out ({', '.join(told)});"
            " KG_STORE_UPDATE names where they go"
        )

    def _posted(self, address: str, text: str, **how: Any) -> httpx.Response:
        return self._client.post(
            address, content=text.encode(), headers={"Content-Type": "application/sparql-update"}, **how
        )


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def form(query: str, fields: Fields) -> bytes:
    """The body of a query by POST (SPARQL 1.1 Protocol, section 2.1.2): it has room for the names of many graphs."""
    return str(httpx.QueryParams([("query", query), *fields])).encode()


def media_type(answer: httpx.Response) -> str:
    """The media type of an answer, without parameters."""
    return str(answer.headers.get("Content-Type", "")).partition(";")[0].strip().lower()


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"{url!r} is not the address of a SPARQL endpoint, such as http://localhost:8000/sparql")
    if parts.username is not None:
        raise ConfigError(
            f"the address of {parts.hostname} holds a name or password, which others would see: give them in"
            " KG_STORE_USER and KG_STORE_PASSWORD"
        )


def _proxy(url: str) -> str | None:
    """The proxy that the environment names for an address."""
    parts = urlsplit(url)
    return None if proxy_bypass(parts.netloc) else getproxies().get(parts.scheme)
