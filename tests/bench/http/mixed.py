"""A day in little: queries, pages, graphs, writes, runaways and clients that leave, all at once, for some minutes.

Every write is a release that the service goes over to, and backups are made meanwhile. In the end the server must be
where it was after warming up: processes, descriptors, memory; and no request may have failed that kept to its limits.
"""

from __future__ import annotations

import json
import re
import socket
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from itertools import count
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

import psutil

from kg import iris
from kg.errors import KgError
from kg.store.backup import saving
from kg.store.releases import DataFolder
from kg.vocabulary import TT

from . import data
from .servers import Running

OWN = f"{iris.GRAPH}own/soak"
_WORKERS = 4
OPTIONS = ("--workers", str(_WORKERS), "--anonymous", "write")
"""What the server is to be started with."""
_MOST_PROCESSES = _WORKERS + 4
"""Query processes, of which there may be fewer; the service, what they fork from, its tracker, and the writer."""
_WARMING = 0.25
_SETTLING_SECONDS = 2.0
_ALLOWED_MIB = 30
_ALLOWED_DESCRIPTORS = 24
_SHORT = 0.3
"""Seconds that a runaway asks for: it is over its limit by design."""
_ANSWER_SECONDS = 120


@dataclass(frozen=True)
class State:
    """What a server occupies: processes, those among them that are dead, descriptors and memory of the web process.

    Small answers that are kept are not counted: they have a limit of their own, which they may reach.
    """

    processes: int
    zombies: int
    descriptors: int
    mib: float

    @classmethod
    def of(cls, server: Running) -> State:
        """The state now."""
        family = server.family()
        zombies = sum(_is_zombie(process) for process in family)
        kept = re.search(r"^kg_kept_answers_bytes (\S+)$", _read(server, "/metrics").decode(), re.MULTILINE)
        resident = server.process.memory_info().rss - float(kept[1] if kept else 0)
        return cls(len(family), zombies, server.process.num_fds(), resident / 2**20)

    def __str__(self) -> str:
        return f"{self.processes:9} {self.zombies:7} {self.descriptors:11} {self.mib:8.1f}"


@dataclass
class Soak:
    """What came of it."""

    ends: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    releases: set[str] = field(default_factory=set)
    states: list[State] = field(default_factory=list)

    @property
    def grown(self) -> list[str]:
        """What is more in the end than after warming up."""
        first, last = self.states[0], self.states[-1]
        limits = {
            "zombies": (last.zombies, 0),
            "descriptors": (last.descriptors, first.descriptors + _ALLOWED_DESCRIPTORS),
            "processes": (last.processes, _MOST_PROCESSES),
            "MiB": (round(last.mib, 1), round(first.mib + _ALLOWED_MIB, 1)),
        }
        return [f"{found} {name} where {most} were allowed" for name, (found, most) in limits.items() if found > most]


def soaked(server: Running, folder: DataFolder, seconds: float, *, say: Callable[[str], object]) -> Soak:
    """Use a server that anybody may write to in all ways at once, for so long."""
    soak = Soak()
    say("  seconds processes zombies descriptors      MiB")
    steps = [_WARMING, *(_WARMING + (1 - _WARMING) * part / 4 for part in range(1, 5))]
    began = time.monotonic()
    for before, after in zip([0.0, *steps], steps, strict=False):
        _use(server, folder, soak, seconds * (after - before))
        time.sleep(_SETTLING_SECONDS)
        soak.states.append(state := State.of(server))
        say(f"{time.monotonic() - began:9.0f} {state}")
    return soak


def _use(server: Running, folder: DataFolder, soak: Soak, seconds: float) -> None:
    end = time.monotonic() + seconds
    lock = threading.Lock()
    jobs: Sequence[tuple[str, Callable[[Running, int], str], float]] = [
        ("point", _point, 0.01),
        ("point", _point, 0.01),
        ("aggregate", _aggregate, 0.05),
        ("page", _page, 0.2),
        ("graph", _graph, 0.2),
        ("known", _known, 0.05),
        ("write", _write, 1.0),
        ("runaway", _runaway, 0.5),
        ("left", _left, 0.5),
        ("backup", lambda *_: _backup(folder), 5.0),
    ]

    def work(name: str, job: Callable[[Running, int], str], pause: float) -> None:
        for number in count():
            if time.monotonic() >= end:
                return
            try:
                told = job(server, number)
            except (OSError, AssertionError, HTTPException, KgError) as error:
                with lock:
                    soak.failures.append(f"{name}: {error!r} {_told(error)}")
            else:
                with lock:
                    soak.ends[name] += 1
                    if name == "write":
                        soak.releases.add(told)
            time.sleep(pause)

    with ThreadPoolExecutor(len(jobs)) as threads:
        for job in jobs:
            threads.submit(work, *job)


def _point(server: Running, number: int) -> str:
    what = ("NCSTE", "CN", "contract-count", "contract-value")[number % 4]
    query = f'SELECT ?s ?p WHERE {{ ?s ?p ?o FILTER(STRENDS(STR(?s), "{what}")) }} LIMIT 1 # {number % 500}'
    if number % 2:
        query = f"SELECT ?p ?o WHERE {{ <{iris.ID}area/CN> ?p ?o }} # {number % 500}"
    return _ask(server, query)


def _aggregate(server: Running, number: int) -> str:
    return _ask(
        server, f"SELECT ?c (COUNT(*) AS ?n) WHERE {{ ?o a <{TT.Observation}> ; <{TT.channel}> ?c }} GROUP BY ?c"
    )


def _page(server: Running, number: int) -> str:
    path = ("/", "/queries", "/queries/figures/counts-by-class?format=csv", "/openapi.json", "/ready")[number % 5]
    return str(len(_read(server, path)))


def _graph(server: Running, number: int) -> str:
    return str(len(_read(server, f"/data?graph={quote(iris.GRAPH_META, safe='')}", Accept="application/n-triples")))


def _known(server: Running, number: int) -> str:
    """Ask for what the client has: 304, unless another release has come."""
    path = f"/sparql?{urlencode({'query': 'SELECT * { ?s ?p ?o } LIMIT 10'})}"
    with urlopen(_request(server, path), timeout=_ANSWER_SECONDS) as answer:
        tag = answer.headers["ETag"]
    with suppress(HTTPError):
        _read(server, path, **{"If-None-Match": tag})
    return ""


def _write(server: Running, number: int) -> str:
    triple = f"<https://example.org/soak/{number % 50}> <https://example.org/at> {time.time_ns()}"
    update = f"INSERT DATA {{ GRAPH <{OWN}> {{ {triple} }} }}"
    if number % 5 == 4:
        update = f"DROP SILENT GRAPH <{OWN}>"
    answer: dict[str, str] = json.loads(_read(server, "/sparql", urlencode({"update": update}).encode()))
    return answer["release"]


def _runaway(server: Running, number: int) -> str:
    query = data.runaways()[number % len(data.runaways())]
    try:
        return _ask(server, query, timeout=str(_SHORT))
    except HTTPError as error:
        told = _told(error)
        if not re.search(r"query-timeout|result-too-large|store-busy", told):
            raise AssertionError(told) from error
        return told


def _left(server: Running, number: int) -> str:
    """Ask, and go away."""
    place = urlsplit(server.url)
    path = f"/sparql?{urlencode({'query': data.runaways()[0]})}"
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=_ANSWER_SECONDS) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: soak\r\n\r\n".encode())
        time.sleep(0.2)
    return ""


def _backup(folder: DataFolder) -> str:
    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / "copy"
        return saving.into_folder(
            folder.layout, target, tool="soak", now=datetime.now(UTC), tokens=True, progress=lambda _: None
        ).current


def _ask(server: Running, query: str, **parameters: str) -> str:
    return str(len(_read(server, f"/sparql?{urlencode({'query': query, **parameters})}")))


def _read(server: Running, path: str, body: bytes | None = None, **headers: str) -> bytes:
    with urlopen(_request(server, path, body, **headers), timeout=_ANSWER_SECONDS) as answer:
        found: bytes = answer.read()
        return found


def _request(server: Running, path: str, body: bytes | None = None, **headers: str) -> Request:
    place = urlsplit(server.url)
    return Request(f"{place.scheme}://{place.netloc}{path}", data=body, headers=headers)


def _told(error: Exception) -> str:
    """What the service says of an error."""
    if not isinstance(error, HTTPError):
        return ""
    with error:
        return error.read(2000).decode(errors="replace")


def _is_zombie(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return False
