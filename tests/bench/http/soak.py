"""Ten thousand runaways with short deadlines: what of them stays in the server.

``python -m tests.bench.http.soak``. Prints a line now and then, and fails when processes, zombies, descriptors or
memory have not come back to where they were.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import psutil

from . import data
from .servers import Running, kg, running

_AGREEMENTS = 1000
_SETTLING_SECONDS = 10.0
_ALLOWED_MIB = 30
_MOST_PROCESSES = 8 + 3
"""Idle query processes, of which there may be fewer; the service, the server that they fork from, and its tracker."""


@dataclass(frozen=True)
class State:
    """What a server occupies: processes, those among them that are dead, descriptors and memory of the web process."""

    processes: int
    zombies: int
    descriptors: int
    mib: float

    @classmethod
    def of(cls, server: Running) -> State:
        """The state now."""
        family = server.family()
        zombies = sum(process.status() == psutil.STATUS_ZOMBIE for process in family)
        own = server.process
        return cls(len(family), zombies, own.num_fds(), own.memory_info().rss / 2**20)

    def __str__(self) -> str:
        return f"{self.processes:9} {self.zombies:7} {self.descriptors:11} {self.mib:8.1f}"


def main() -> None:
    """Ask, look, compare."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.http.soak", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=6, help="at once (default 6, the places for long queries)")
    parser.add_argument("--deadline", type=float, default=0.1, help="seconds of each (default 0.1)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = data.made(Path(folder), _AGREEMENTS)
        with running(kg(), made, Path(folder) / "server") as server:
            sys.exit(_soaked(server, options.requests, options.clients, options.deadline))


def _soaked(server: Running, number: int, clients: int, deadline: float) -> int:
    _say("requests processes zombies descriptors      MiB")
    _ask(server, clients * 4, clients, deadline)
    first = _settled(server, 0)
    ends: Counter[str] = Counter()
    for done in range(1000, number + 1, 1000):
        ends += _ask(server, 1000, clients, deadline)
        after = _settled(server, done)
    _say(f"ended as {dict(ends)}")
    grown = after.processes > _MOST_PROCESSES or after.descriptors > first.descriptors + 3 * _MOST_PROCESSES
    return int(grown or after.zombies > 0 or after.mib > first.mib + _ALLOWED_MIB)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _settled(server: Running, done: int) -> State:
    time.sleep(_SETTLING_SECONDS)
    state = State.of(server)
    _say(f"{done:8} {state}")
    return state


def _ask(server: Running, number: int, clients: int, deadline: float) -> Counter[str]:
    urls = (f"{server.url}?query={quote(query)}&timeout={deadline}" for query in cycle(data.runaways()))
    with ThreadPoolExecutor(clients) as threads:
        return Counter(threads.map(_end, islice(urls, number)))


def _end(url: str) -> str:
    try:
        with urlopen(url, timeout=120) as answer:
            answer.read()
            return str(answer.status)
    except HTTPError as error:
        with error:
            return f"{error.code} {json.loads(error.read())['code']}"


main()
