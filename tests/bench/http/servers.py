"""The servers: how each is installed, filled, started and ended, and what processor time it has used."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import psutil

from .data import Data

RESULTS = "application/sparql-results+json"
FUSEKI = "org.apache.jena:jena-fuseki-server:5.6.0"
"""The last line of releases that Java 17 runs."""
RDFLIB_ENDPOINT = ("rdflib-endpoint[cli]==0.6.0", "uvloop", "httptools")
_START_SECONDS = 120.0
_END_SECONDS = 10.0


class UnavailableError(Exception):
    """A server cannot be started here; the text says why."""


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
        with suppress(psutil.NoSuchProcess):
            return [self.process, *self.process.children(recursive=True)]
        return []

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
    port = _free_port()
    command = kind.command(data, folder, port)
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log, cwd=folder) as process:
        server = Running(kind.name, f"http://127.0.0.1:{port}{kind.path}", psutil.Process(process.pid))
        try:
            _wait(server, process, folder / "log")
            yield server
        finally:
            _end(server)


def kg(*options: str) -> Kind:
    """`kg serve` of this checkout, with options of its own."""

    def command(data: Data, _: Path, port: int) -> list[str]:
        return [sys.executable, "-m", "kg.cli", "serve", "--data-dir", str(data.folder), "--port", str(port), *options]

    return Kind(" ".join(("kg serve", *options)), "/sparql", command)


def _oxigraph(data: Data, folder: Path, port: int) -> list[str]:
    program = _program("oxigraph", "pip install oxigraph (it is in the extra `test`)")
    database = str(folder / "database")
    _run(program, "load", "--location", database, "--file", str(data.text))
    _run(program, "optimize", "--location", database)
    bind = f"127.0.0.1:{port}"
    return [program, "serve-read-only", "--location", database, "--union-default-graph", "--bind", bind]


def _fuseki(data: Data, folder: Path, port: int) -> list[str]:
    java = _program("java", "install Java 17 or newer")
    maven = _program("mvn", "apt-get install maven")
    _run(maven, "-q", "dependency:get", f"-Dartifact={FUSEKI}", "-Dtransitive=false")
    _run(maven, "-q", "dependency:copy", f"-Dartifact={FUSEKI}", f"-DoutputDirectory={folder}")
    jar, database = str(next(folder.glob("*.jar"))), str(folder / "tdb2")
    _run(java, "-cp", jar, "tdb2.tdbloader", "--loc", database, str(data.text))
    union = "tdb2:unionDefaultGraph=true"
    served = ["--tdb2", "--loc", database, "--localhost", "--port", str(port), "/bench"]
    return [java, "-jar", jar, "--set", union, "--quiet", *served]


def _rdflib_endpoint(data: Data, folder: Path, port: int) -> list[str]:
    environment = folder / "venv"
    _run(sys.executable, "-m", "venv", str(environment))
    _run(str(environment / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", *RDFLIB_ENDPOINT)
    program = str(environment / "bin" / "rdflib-endpoint")
    return [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(data.text)]


OTHERS = {
    "oxigraph": Kind("oxigraph serve", "/query", _oxigraph),
    "fuseki": Kind("Fuseki, TDB2", "/bench/sparql", _fuseki),
    "rdflib-endpoint": Kind("rdflib-endpoint", "/", _rdflib_endpoint),
}


def _program(name: str, advice: str) -> str:
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise UnavailableError(f"there is no {name}: {advice}")
    return found


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["nothing"]
        raise UnavailableError(f"{Path(command[0]).name} ended with {done.returncode} and said: {said[-1]}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(server: Running, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server answers a query."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            said = log.read_text("utf-8", "replace").strip().splitlines() or ["nothing"]
            raise UnavailableError(f"it ended with {process.returncode} and said: {said[-1]}")
        try:
            server.ask("ASK {}")
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise UnavailableError(f"it did not answer within {_START_SECONDS:.0f} s")


def _end(server: Running) -> None:
    """End it and all below it, softly and then hard."""
    family = server.family()
    if family:
        family[0].terminate()
    _, left = psutil.wait_procs(family, timeout=_END_SECONDS)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left)
