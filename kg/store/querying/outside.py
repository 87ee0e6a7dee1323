"""Requests to other servers, within limits: only to those listed, for so long and so much.

Each hop of a redirect is looked up in the list again. A name that is listed without scheme and port must lead to a
public address, and the address that was looked at is the one connected to, so that a name cannot change in between.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urljoin

from kg.errors import OtherServerError, RefusedError
from kg.sparql.hosts import Hosts, Place

_HOPS = 3
_PIECE = 64 * 1024
_STREAM = socket.SOCK_STREAM
_SAME_METHOD = (307, 308)
_REDIRECTS = (301, 302, 303, *_SAME_METHOD)
_FAILURES = (OSError, http.client.HTTPException, ValueError)


@dataclass(frozen=True)
class Reply:
    """What another server answers; ``pieces`` can be read once, while the connection is open."""

    address: str
    media_type: str
    pieces: Iterator[bytes]


@dataclass(frozen=True)
class Outside:
    """The servers that may be reached.

    Parameters
    ----------
    seconds
        For a whole request; a server that sends something again and again may take twice as long.
    size_bytes
        Of one answer.
    """

    hosts: Hosts
    seconds: float = 10.0
    size_bytes: int = 64 * 1024**2

    @contextmanager
    def ask(
        self, method: str, address: str, *, headers: Mapping[str, str], body: bytes | None = None
    ) -> Iterator[Reply]:
        """The successful answer to a request, redirects followed.

        Raises
        ------
        RefusedError
            The address, or one that it redirects to, is not listed, or leads to an address of the network inside.
        OtherServerError
            The server cannot be reached or has answered with an error; it took too long or sent too much, which may be
            found while the pieces are read.
        """
        end = time.monotonic() + self.seconds
        for _ in range(_HOPS):
            connection = _connection(self.hosts.place(address), self.seconds)
            try:
                response = self._response(connection, method, address, headers, body)
                following = _redirected(response, method, address)
                if following is None:
                    yield Reply(address, response.headers.get("content-type", ""), self._pieces(response, address, end))
                    return
                address = following
            finally:
                connection.close()
        raise OtherServerError(f"{address} was reached by more than {_HOPS} redirects")

    def _response(
        self,
        connection: _Connection | _SafeConnection,
        method: str,
        address: str,
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> http.client.HTTPResponse:
        try:
            connection.request(method, connection.place.target, body, {"Accept-Encoding": "identity", **headers})
            return connection.getresponse()
        except TimeoutError as error:
            raise OtherServerError(f"{address} did not answer within {self.seconds:g} seconds") from error
        except _FAILURES as error:
            raise OtherServerError(f"{address} cannot be reached") from error

    def _pieces(self, response: http.client.HTTPResponse, address: str, end: float) -> Iterator[bytes]:
        left = self.size_bytes
        try:
            while piece := response.read1(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise OtherServerError(f"{address} sent more than {self.size_bytes} bytes")
                if time.monotonic() > end:
                    raise TimeoutError
                yield piece
        except TimeoutError as error:
            raise OtherServerError(f"{address} did not send all within {self.seconds:g} seconds") from error
        except _FAILURES as error:
            raise OtherServerError(f"{address} broke its answer off") from error


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was looked at."""

    def __init__(self, place: Place, seconds: float) -> None:
        super().__init__(place.host, place.port, timeout=seconds)
        self.place = place

    def connect(self) -> None:
        """Open it."""
        self.sock = _dialled(self.place, self.timeout)


class _SafeConnection(http.client.HTTPSConnection):
    """The same with TLS, the certificate checked against the name."""

    def __init__(self, place: Place, seconds: float) -> None:
        self._trust = ssl.create_default_context()
        super().__init__(place.host, place.port, timeout=seconds, context=self._trust)
        self.place = place

    def connect(self) -> None:
        """Open it."""
        plain = _dialled(self.place, self.timeout)
        try:
            self.sock = self._trust.wrap_socket(plain, server_hostname=self.place.host)
        except OSError:
            plain.close()
            raise


def _connection(place: Place, seconds: float) -> _Connection | _SafeConnection:
    return _SafeConnection(place, seconds) if place.scheme == "https" else _Connection(place, seconds)


def _dialled(place: Place, seconds: float | None) -> socket.socket:
    """A connection to the first address of a place that takes one, none of which may lead inside."""
    found = [(str(end[0]), int(end[1])) for *_, end in socket.getaddrinfo(place.host, place.port, type=_STREAM)]
    if not place.private and not all(_is_public(host) for host, _ in found):
        raise RefusedError(
            f"{place.host} leads to an address inside this network; list {place.scheme}://{place.host}:{place.port} if"
            " that is meant"
        )
    failure: OSError | None = None
    for end in found:
        try:
            return socket.create_connection(end, seconds)
        except OSError as error:
            failure = error
    raise failure or OSError("the name has no address")


def _is_public(host: str) -> bool:
    address = ipaddress.ip_address(host.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or address
    return inner.is_global and not inner.is_multicast


def _redirected(response: http.client.HTTPResponse, method: str, address: str) -> str | None:
    """Where to ask instead; None for an answer that is the answer."""
    if response.status in _REDIRECTS and (method == "GET" or response.status in _SAME_METHOD):
        return urljoin(address, response.headers.get("location", ""))
    if response.status != http.client.OK:
        raise OtherServerError(f"{address} answered with status {response.status}")
    return None
