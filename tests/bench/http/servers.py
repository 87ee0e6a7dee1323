"""The servers: how each is installed, filled, started and ended, and what processor time it has used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import psutil

from ... import servers
from .data import Data

RESULTS = "application/sparql-results+json"
RDFLIB_ENDPOINT = ("rdflib-endpoint[cli]==0.6.0", "uvloop", "httptools")


@dataclass(frozen=True)
class Kind:
    """A server by name, where its endpoint is, and what makes the command that starts it on a port.

    ``command`` gets the data, a folder of its own and the port, and installs and fills what the server needs.
    """

    name: str
    path: str
    command: Callable[[Data, Path, int], list[str]]


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    name: str
    url: str
    process: psutil.Process

    def ask(self, query: str, headers: dict[str, str] | None = None) -> tuple[bytes, str]:
        """The answer to a query and its entity tag."""
        request = Request(f"{self.url}?query={quote(query)}", headers={"Accept": RESULTS, **(headers or {})})
        with urlopen(request, timeout=60) as answer:
            return answer.read(), answer.headers.get("ETag", "")

    def family(self) -> list[psutil.Process]:
        """The process and all below it."""
        return servers.family(self.process)

    def cpu_seconds(self) -> float:
        """Processor time of the server since it began: of all its processes and of their ended children."""
        total = 0.0
        for process in self.family():
            with suppress(psutil.NoSuchProcess):
                total += sum(process.cpu_times()[:4])
        return total

    def resident_mib(self) -> float:
        """Memory of all its processes; what they share counts for each."""
        total = 0
        for process in self.family():
            with suppress(psutil.NoSuchProcess):
                total += process.memory_info().rss
        return total / 2**20


@contextmanager
def running(kind: Kind, data: Data, folder: Path) -> Iterator[Running]:
    """Start a server on a free port of this machine, and end it with all its processes.

    Raises
    ------
    UnavailableError
        It, or something that it needs, is not there, or it did not answer in time.
    """
    folder.mkdir(parents=True)
    port = servers.free_port()
    url = f"http://127.0.0.1:{port}{kind.path}"
    with servers.running(kind.command(data, folder, port), f"{url}?query=ASK%7B%7D", folder) as process:
        yield Running(kind.name, url, process)


def kg(*options: str) -> Kind:
    """`kg serve` of this checkout, with options of its own."""

    def command(data: Data, _: Path, port: int) -> list[str]:
        return [sys.executable, "-m", "kg.cli", "serve", "--data-dir", str(data.folder), "--port", str(port), *options]

    return Kind(" ".join(("kg serve", *options)), "/sparql", command)


def _oxigraph(data: Data, folder: Path, port: int) -> list[str]:
    program = servers.oxigraph_program()
    database = str(folder / "database")
    servers.run(program, "load", "--location", database, "--file", str(data.text))
    servers.run(program, "optimize", "--location", database)
    bind = f"127.0.0.1:{port}"
    return [program, "serve-read-only", "--location", database, "--union-default-graph", "--bind", bind]


def _fuseki(data: Data, folder: Path, port: int) -> list[str]:
    java, jar, database = servers.java(), str(servers.fuseki_jar(folder)), str(folder / "tdb2")
    servers.run(java, "-cp", jar, "tdb2.tdbloader", "--loc", database, str(data.text))
    union = "tdb2:unionDefaultGraph=true"
    served = ["--tdb2", "--loc", database, "--localhost", "--port", str(port), "/bench"]
    return [java, "-jar", jar, "--set", union, "--quiet", *served]


def _rdflib_endpoint(data: Data, folder: Path, port: int) -> list[str]:
    environment = folder / "venv"
    servers.run(sys.executable, "-m", "venv", str(environment))
    servers.run(str(environment / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", *RDFLIB_ENDPOINT)
    program = str(environment / "bin" / "rdflib-endpoint")
    return [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(data.text)]


OTHERS = {
    "oxigraph": Kind("oxigraph serve", "/query", _oxigraph),
    "fuseki": Kind("Fuseki, TDB2", "/bench/sparql", _fuseki),
    "rdflib-endpoint": Kind("rdflib-endpoint", "/", _rdflib_endpoint),
}
