"""The SPARQL servers of others that tests and benchmarks start: how each is got, started, and ended.

`oxigraph serve` comes from PyPI with the extra `test`, Apache Jena Fuseki from Maven Central; whoever has its jar
already names it in FUSEKI_JAR.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psutil

FUSEKI = "5.6.0"
"""The last line of releases that Java 17 runs."""
START_SECONDS = 120.0
_END_SECONDS = 10.0
_STEP_SECONDS = 0.05
_ARTIFACT = f"org.apache.jena:jena-fuseki-server:{FUSEKI}"
_JAR = f"jena-fuseki-server-{FUSEKI}.jar"
_AT_HOME = Path.home() / ".m2/repository/org/apache/jena/jena-fuseki-server" / FUSEKI / _JAR


class UnavailableError(Exception):
    """A server cannot be started here; the text says why, and what to install."""


@dataclass(frozen=True)
class Other:
    """A server by name, the paths of its services, and what makes the command that starts it empty and in memory."""

    name: str
    query: str
    update: str
    graphs: str
    command: Callable[[Path, int], list[str]]


@dataclass(frozen=True)
class Started:
    """A server that answers, and its process."""

    kind: Other
    base: str
    process: psutil.Process

    @property
    def query(self) -> str:
        """Where queries go."""
        return self.base + self.kind.query

    @property
    def update(self) -> str:
        """Where updates go."""
        return self.base + self.kind.update

    @property
    def graphs(self) -> str:
        """Where graphs are read and put."""
        return self.base + self.kind.graphs

    def suspend(self) -> None:
        """Have it stand still until its process is resumed."""
        self.process.suspend()
        while self.process.status() != psutil.STATUS_STOPPED:
            time.sleep(_STEP_SECONDS)

    def empty(self) -> None:
        """Remove all that it holds."""
        request = Request(self.update, b"DROP ALL", {"Content-Type": "application/sparql-update"})
        urlopen(request, timeout=START_SECONDS).close()


def program(name: str, advice: str) -> str:
    """A program of this environment or of the system."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise UnavailableError(f"there is no {name}: {advice}")
    return found


def run(*command: str) -> None:
    """Run a command to its end."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["nothing"]
        raise UnavailableError(f"{Path(command[0]).name} ended with {done.returncode} and said: {said[-1]}")


def java() -> str:
    """The program that runs Fuseki."""
    return program("java", "apt-get install default-jre-headless (17 or newer)")


def fuseki_jar(folder: Path) -> Path:
    """The server, got from Maven Central into Maven's own folder unless it is there."""
    if "FUSEKI_JAR" in os.environ:
        return Path(os.environ["FUSEKI_JAR"])
    if not _AT_HOME.exists():
        maven = program("mvn", "apt-get install maven")
        run(maven, "-q", "dependency:get", f"-Dartifact={_ARTIFACT}", "-Dtransitive=false")
    if _AT_HOME.exists():
        return _AT_HOME
    run(program("mvn", ""), "-q", "dependency:copy", f"-Dartifact={_ARTIFACT}", f"-DoutputDirectory={folder}")
    return folder / _JAR


def oxigraph_program() -> str:
    """The program `oxigraph`."""
    return program("oxigraph", "pip install oxigraph (it is in the extra `test`)")


def _oxigraph(_: Path, port: int) -> list[str]:
    return [oxigraph_program(), "serve", "--bind", f"127.0.0.1:{port}"]


def _fuseki(folder: Path, port: int) -> list[str]:
    served = ["--localhost", f"--port={port}", "--mem", "--update", "/ds"]
    return [java(), "-Xmx1g", "-jar", str(fuseki_jar(folder)), *served]


def _oxigraph_on_disk(folder: Path, port: int) -> list[str]:
    return [oxigraph_program(), "serve", "--location", str(folder / "database"), "--bind", f"127.0.0.1:{port}"]


def _fuseki_on_disk(folder: Path, port: int) -> list[str]:
    database = folder / "database"
    database.mkdir(parents=True, exist_ok=True)
    served = ["--localhost", f"--port={port}", "--tdb2", f"--loc={database}", "--update", "/ds"]
    return [java(), "-Xmx1g", "-jar", str(fuseki_jar(folder)), *served]


OXIGRAPH = Other("oxigraph serve", "/query", "/update", "/store", _oxigraph)
JENA_FUSEKI = Other("Apache Jena Fuseki", "/ds/sparql", "/ds/update", "/ds/data", _fuseki)
OTHERS = {"oxigraph": OXIGRAPH, "fuseki": JENA_FUSEKI}
ON_DISK = {
    "oxigraph": replace(OXIGRAPH, command=_oxigraph_on_disk),
    "fuseki": replace(JENA_FUSEKI, command=_fuseki_on_disk),
}
"""The same over a database in their folder, which outlives them."""


@contextmanager
def started(kind: Other, folder: Path) -> Iterator[Started]:
    """Start a server on a free port of this machine, empty, and end it."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with running(kind.command(folder, port), f"{base}{kind.query}?query=ASK%7B%7D", folder) as process:
        yield Started(kind, base, process)


@contextmanager
def running(command: Sequence[str], url: str, folder: Path) -> Iterator[psutil.Process]:
    """Run a server from when it answers at an address, and end it with all its processes.

    Raises
    ------
    UnavailableError
        It ended, or did not answer in time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log, cwd=folder) as process:
        server = psutil.Process(process.pid)
        try:
            _wait(url, process, folder / "log")
            yield server
        finally:
            end(server)


def family(process: psutil.Process) -> list[psutil.Process]:
    """A process and all below it."""
    with suppress(psutil.NoSuchProcess):
        return [process, *process.children(recursive=True)]
    return []


def end(process: psutil.Process) -> None:
    """End it and all below it, softly and then hard."""
    ended = family(process)
    for each in ended[:1]:
        with suppress(psutil.NoSuchProcess):
            each.resume()
            each.terminate()
    _, left = psutil.wait_procs(ended, timeout=_END_SECONDS)
    for each in left:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    psutil.wait_procs(left)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    last = time.monotonic() + START_SECONDS
    while time.monotonic() < last:
        if process.poll() is not None:
            said = log.read_text("utf-8", "replace").strip().splitlines() or ["nothing"]
            raise UnavailableError(f"it ended with {process.returncode} and said: {said[-1]}")
        try:
            urlopen(url, timeout=START_SECONDS).close()
        except (HTTPError, URLError, OSError):
            time.sleep(_STEP_SECONDS)
        else:
            return
    raise UnavailableError(f"it did not answer within {START_SECONDS:.0f} s")
