"""Logs: a line for each request, and one for each query that took long.

Never in a line: a token (its name is), an address with its parameters, a header. The text of a query only up to a
length; its digest tells queries apart, and the same query again. What is refused before it reached a route is there
as well.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from kg.errors import ConfigError
from kg.serve.access import named_caller
from kg.serve.operations.watching import ASKED, PROBLEM, ROWS, Seen

Format = Literal["json", "common"]
Clients = Literal["full", "network", "none"]

_LOOK_SECONDS = 1.0
_GATHER_SECONDS = 0.05
_DIGITS = 16
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class LogFile:
    """A file that lines are added to, opened again when it was moved away, as logrotate does.

    Lines are gathered for a moment while an event loop runs: a call of the system for each would take as long as all
    else of it.

    Parameters
    ----------
    path
        Standard error when None.

    Raises
    ------
    ConfigError
        It cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._looked = 0.0
        self._lines: list[str] = []
        try:
            self._descriptor = self._opened()
        except OSError as error:
            raise ConfigError(f"cannot write the log {path}: {error.strerror}; choose another with --log") from error

    def write(self, line: str) -> None:
        """Add a line, within a moment and as a whole. A full disk loses lines, and no request."""
        self._lines.append(line)
        if len(self._lines) == 1:
            try:
                asyncio.get_running_loop().call_later(_GATHER_SECONDS, self.flush)
            except RuntimeError:
                self.flush()

    def flush(self) -> None:
        """Write what was gathered."""
        if not self._lines:
            return
        text = "".join(f"{line}\n" for line in self._lines).encode(errors="backslashreplace")
        self._lines.clear()
        if self._path and (now := time.monotonic()) > self._looked + _LOOK_SECONDS:
            self._looked = now
            self.follow()
        with suppress(OSError):
            while text:
                text = text[os.write(self._descriptor, text) :]

    def close(self) -> None:
        """Write what was gathered, and no more."""
        self.flush()
        if self._path:
            os.close(self._descriptor)

    def _opened(self) -> int:
        if self._path is None:
            return sys.stderr.fileno()
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o640)

    def follow(self) -> None:
        """Open the file again if another, or none, has its name now; looked at once a second while there are lines."""
        if self._path is None:
            return
        with suppress(OSError):
            here = os.fstat(self._descriptor)
            with suppress(FileNotFoundError):
                there = self._path.stat()
                if (there.st_ino, there.st_dev) == (here.st_ino, here.st_dev):
                    return
            old, self._descriptor = self._descriptor, self._opened()
            os.close(old)


@dataclass(frozen=True, kw_only=True)
class Logs:
    """What is logged; as a function, what logs a request that has ended.

    Parameters
    ----------
    write
        Takes each line, without its end.
    requests
        Whether all requests are logged, or slow queries only.
    format
        JSON, or the common log format with the seconds at the end.
    clients
        How much of a client's address is told: all, its network (of IPv4 24 bits, of IPv6 48), or nothing.
    text
        Characters of the text of a query that are told; 0 for none.
    slow
        Seconds from which on a query is slow; 0 for none.
    release
        What tells the release that is served.
    clock
        Seconds since 1970.
    """

    write: Callable[[str], object]
    requests: bool = True
    format: Format = "json"
    clients: Clients = "network"
    text: int = 200
    slow: float = 10.0
    release: Callable[[], str] = field(default=lambda: "")
    clock: Callable[[], float] = time.time

    def __call__(self, seen: Seen) -> None:
        """Log a request, if it is to be logged."""
        asked = seen.scope.get(ASKED)
        slow = bool(asked and self.slow and seen.seconds >= self.slow)
        if self.requests:
            self.write(self._common(seen) if self.format == "common" else _encode(self._told("request", seen, asked)))
        if slow:
            self.write(_encode(self._told("slow-query", seen, asked)))

    def _told(self, event: str, seen: Seen, asked: str | None) -> dict[str, Any]:
        scope = seen.scope
        told: dict[str, Any] = {
            "time": _time(self.clock()),
            "event": event,
            "method": seen.method,
            "route": seen.route,
            "status": seen.status,
            "ms": round(seen.seconds * 1000, 3),
            "bytes": seen.size,
            "client": _client(scope.get("client"), self.clients),
            "token": named_caller(scope),
            "release": self.release(),
        }
        if code := scope.get(PROBLEM):
            told["problem"] = code
        if seen.size and not seen.complete:
            told["broken_off"] = True
        if asked is not None:
            self._tell_query(told, asked, scope.get(ROWS))
        return told

    def _tell_query(self, told: dict[str, Any], asked: str, rows: Callable[[], int | None] | None) -> None:
        told["query"] = hashlib.sha256(asked.encode(errors="surrogatepass")).hexdigest()[:_DIGITS]
        told["rows"] = rows() if rows else None
        if self.text:
            told["text"] = asked if len(asked) <= self.text else f"{asked[: self.text]}…"

    def _common(self, seen: Seen) -> str:
        """https://httpd.apache.org/docs/current/logs.html#common, with the route for the path."""
        version = seen.scope.get("http_version", "1.1")
        when = datetime.fromtimestamp(self.clock(), UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")
        client = _client(seen.scope.get("client"), self.clients) or "-"
        line = f'"{seen.method} {seen.route} HTTP/{version}" {seen.status} {seen.size} {seen.seconds:.6f}'
        return f"{client} - {named_caller(seen.scope) or '-'} [{when}] {line}"


@lru_cache(maxsize=8)
def _second(number: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(number))


def _time(now: float) -> str:
    return f"{_second(int(now))}.{int(now % 1 * 1000):03}Z"


def _client(address: tuple[str, int] | None, how: Clients) -> str | None:
    if how == "none" or not address:
        return None
    return address[0] if how == "full" else _network(address[0])


@lru_cache(maxsize=4096)
def _network(address: str) -> str | None:
    """The network that an address is in: enough to see where requests come from, not who sent them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))  # noqa: PLR2004
