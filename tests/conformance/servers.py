"""SPARQL servers to be tested: where their endpoints are, and how kg's own and Oxigraph's are started.

A server is talked to over HTTP only, by what the standards say, so any other can be put in its place.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from ..servers import OXIGRAPH, started

_ANSWER_SECONDS = 30


@dataclass
class Server:
    """A running server, by the addresses of its services; it is changed by the tests.

    `direct` is where paths begin that name a graph by the very address that is asked for.
    """

    name: str
    query: str
    update: str
    graph_store: str
    direct: str
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=_ANSWER_SECONDS))
    services: tuple[Server, ...] = ()
    """Servers that stand in for those that a query asks by SERVICE; this server must be allowed to ask them."""
    held: str | None = None

    def __post_init__(self) -> None:
        del self.http.headers["accept"]  # a test that says nothing of it means nothing by it

    def hold(self, setting: str) -> None:
        """Bring the dataset about that an update makes out of any, unless it still is there.

        Raises
        ------
        ValueError
            The server refuses it.
        """
        if self.held != setting:
            response = self.posted_update(setting)
            if not response.is_success:
                raise ValueError(f"the data of the test was refused, {response.status_code}: {response.text[:300]}")
            self.held = setting

    def posted_query(self, text: str, accept: str) -> httpx.Response:
        """The answer to a query."""
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        return self.http.post(self.query, content=text.encode(), headers=headers)

    def posted_update(self, text: str) -> httpx.Response:
        """The answer to an update, after which the dataset is another."""
        self.held = None
        return self.http.post(self.update, content=text.encode(), headers={"Content-Type": "application/sparql-update"})


def kg(base: str) -> Server:
    """`kg serve` at this address."""
    return Server("kg", f"{base}/sparql", f"{base}/sparql", f"{base}/data", f"{base}/graph")


def oxigraph(base: str) -> Server:
    """`oxigraph serve` at this address."""
    return Server("Oxigraph", f"{base}/query", f"{base}/update", f"{base}/store", f"{base}/store")


def fuseki(base: str) -> Server:
    """Apache Jena Fuseki; the address is that of its dataset."""
    return Server("Fuseki", f"{base}/query", f"{base}/update", f"{base}/data", f"{base}/data")


SERVERS: dict[str, Callable[[str], Server]] = {"kg": kg, "Oxigraph": oxigraph, "Fuseki": fuseki}


@contextmanager
def kg_serving(folder: Path) -> Iterator[Server]:
    """`kg serve --plain` on a folder of its own, where everybody may write and two other servers may be asked."""
    command = [sys.executable, "-m", "kg.cli", "serve", "--plain", "--data-dir", str(folder), "--port", "0"]
    command += ["--anonymous", "write", "--workers", "1"]  # one test after the other, each with a release of its own
    with _stand_ins() as services:
        allowed = ",".join(service.query.removesuffix("/query") for service in services)
        with _running([*command, "--allowed-hosts", allowed], subprocess.PIPE) as process:
            server = kg(_announced(process))
            server.services = services
            with server.http:
                yield server


@contextmanager
def oxigraph_serving() -> Iterator[Server]:
    """`oxigraph serve` in memory; it may ask any server."""
    with _stand_ins() as services, _oxigraph() as server:
        server.services = services
        yield server


@contextmanager
def already_serving(name: str, url: str) -> Iterator[Server]:
    """A server of this name that runs already; what it asks by SERVICE must be allowed to it by whoever started it."""
    server = SERVERS[name](url.rstrip("/"))
    with _stand_ins() as services, server.http:
        server.services = services
        yield server


@contextmanager
def _stand_ins() -> Iterator[tuple[Server, ...]]:
    with _oxigraph() as one, _oxigraph() as other:
        yield one, other


@contextmanager
def _oxigraph() -> Iterator[Server]:
    with TemporaryDirectory() as folder, started(OXIGRAPH, Path(folder)) as process:
        server = oxigraph(process.base)
        with server.http:
            yield server


def _announced(process: subprocess.Popen[str]) -> str:
    """The address that `kg serve` says it serves on."""
    assert process.stdout is not None
    for line in process.stdout:
        address = re.search(r"http://[^\s/]+", line)
        if address:
            return address[0]
    raise AssertionError(f"kg serve ended with {process.wait()}")


@contextmanager
def _running(command: list[str], stdout: int) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, stdout=stdout, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait()
