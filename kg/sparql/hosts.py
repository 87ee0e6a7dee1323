"""The other servers that may be reached from here, named by whoever runs the service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, urlsplit

from kg.errors import ConfigError, RefusedError

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Place:
    """Where a connection goes.

    Parameters
    ----------
    private
        Whether it may lead to an address of the network inside: only where scheme, name and port were listed, so that a
        public name that begins to point inside reaches nothing there.
    """

    scheme: str
    host: str
    port: int
    target: str
    private: bool = False


@dataclass(frozen=True)
class Hosts:
    """A list of hosts (``example.org``: http and https at their own ports) and origins (``http://store:3030``)."""

    names: frozenset[str] = frozenset()
    origins: frozenset[tuple[str, str, int]] = frozenset()

    @classmethod
    def of(cls, entries: Iterable[str]) -> Self:
        """The list that these texts make.

        Raises
        ------
        ConfigError
            One is neither a host nor an origin.

        Examples
        --------
        >>> Hosts.of(["query.wikidata.org"]).place("https://query.wikidata.org/sparql").port
        443
        """
        names, origins = set(), set()
        for entry in entries:
            parts = _split(entry if "://" in entry else f"http://{entry}")
            if parts is None or parts[1].path.strip("/") or parts[1].query or ("://" not in entry and parts[1].port):
                raise ConfigError(f"allowed hosts: {entry} is neither a host (example.org) nor http(s)://host:port")
            if "://" in entry:
                origins.add(parts[0])
            else:
                names.add(parts[0][1])
        return cls(frozenset(names), frozenset(origins))

    def place(self, address: str) -> Place:
        """Where an address leads.

        Raises
        ------
        RefusedError
            It is not on the list.
        """
        if parts := _split(address):
            (scheme, host, port), split = parts
            listed = (scheme, host, port) in self.origins
            if listed or (host in self.names and port == _PORTS[scheme]):
                target = split._replace(scheme="", netloc="", fragment="").geturl() or "/"
                return Place(scheme, host, port, target if target.startswith("/") else f"/{target}", listed)
        raise RefusedError(f"{address} is not on the list of servers that may be reached from here; ask it by itself")


def _split(address: str) -> tuple[tuple[str, str, int], SplitResult] | None:
    """Scheme, host and port of an address, and its parts; None if it is not one of HTTP, or names a user."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc or not address.isascii():
        return None
    if any(character <= " " for character in address):
        return None
    return (parts.scheme, parts.hostname, port or _PORTS[parts.scheme]), parts


def listed(text: str) -> tuple[str, ...]:
    """The entries of a list with commas between, each seen to be one that `Hosts.of` takes."""
    entries = tuple(filter(None, (entry.strip() for entry in text.split(","))))
    Hosts.of(entries)
    return entries
