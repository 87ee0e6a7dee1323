"""Bursts in turns on all servers, after it is known that they give the same answers; and a burst beside runaways."""

from __future__ import annotations

import json
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import urlopen

from .data import Workload, runaways
from .load import Burst, burst
from .servers import Running

RUNAWAYS = 10
_NUMBERS = ("#integer", "#decimal", "#double", "#int")
_SETTLING_SECONDS = 3.0
_TICK_SECONDS = 0.01
"""The system counts processor time in these."""


@dataclass(frozen=True)
class Measured:
    """All bursts of one workload on one server by so many clients."""

    workload: str
    clients: int
    server: str
    bursts: tuple[Burst, ...]

    @property
    def per_second(self) -> float:
        """Requests that were answered well, by second of wall time."""
        return self._good / sum(burst.seconds for burst in self.bursts)

    @property
    def per_cpu_second(self) -> float:
        """The same by second of processor time of the server."""
        return self._good / max(_TICK_SECONDS, sum(burst.cpu for burst in self.bursts))

    @property
    def p50(self) -> float:
        """Seconds; the median of the bursts'."""
        return statistics.median(burst.p50 for burst in self.bursts)

    @property
    def p99(self) -> float:
        """Likewise."""
        return statistics.median(burst.p99 for burst in self.bursts)

    @property
    def errors(self) -> int:
        """Requests that were not answered, or with an error."""
        return sum(burst.errors for burst in self.bursts)

    @property
    def _good(self) -> int:
        return sum(burst.requests - burst.errors for burst in self.bursts)


@dataclass(frozen=True)
class Beside:
    """Point lookups without and with runaways beside them, and what became of these and of the server.

    ``ends`` are the statuses of the runaways by number, ``late`` the most seconds that one ran over its deadline.
    """

    quiet: Burst
    loud: Burst
    ends: dict[str, int]
    late: float
    processes: tuple[int, int]
    mib: tuple[float, float]


def measure(
    servers: Sequence[Running],
    workload: Workload,
    *,
    clients: int,
    rounds: int,
    seconds: float,
    tool: str = "wrk",
) -> list[Measured]:
    """What each server does; the first round warms caches and compilers and does not count."""
    bursts: list[list[Burst]] = [[] for _ in servers]
    for _ in range(rounds + 1):
        for taken, server in zip(bursts, servers, strict=True):
            taken.append(burst(server, workload, clients=clients, seconds=seconds, tool=tool))
    return [
        Measured(workload.name, clients, server.name, tuple(taken[1:]))
        for server, taken in zip(servers, bursts, strict=True)
    ]


def assert_agree(servers: Sequence[Running], workload: Workload) -> None:
    """Every query has solutions, and the same ones, on every server."""
    for query in workload.queries[:: max(1, len(workload.queries) // 20)]:
        first, *others = [(server.name, _solutions(server.ask(query)[0])) for server in servers]
        assert first[1], f"no solutions: {query}"
        for name, solutions in others:
            assert solutions == first[1], f"{name} and {first[0]} differ: {query}"


def beside_runaways(
    server: Running, workload: Workload, *, clients: int, seconds: float, deadline: float, tool: str = "wrk"
) -> Beside:
    """Point lookups while so many runaways are always running, each of which the server should end at its deadline."""
    processes, mib = len(server.family()), server.resident_mib()
    quiet = burst(server, workload, clients=clients, seconds=seconds, tool=tool)
    with _running(server, deadline) as ended:
        loud = burst(server, workload, clients=clients, seconds=seconds, tool=tool)
    time.sleep(_SETTLING_SECONDS)
    kinds = [kind for kind, _ in ended]
    return Beside(
        quiet=quiet,
        loud=loud,
        ends={kind: kinds.count(kind) for kind in sorted(set(kinds))},
        late=max(taken for _, taken in ended) - deadline,
        processes=(processes, len(server.family())),
        mib=(mib, server.resident_mib()),
    )


@contextmanager
def _running(server: Running, deadline: float) -> Iterator[list[tuple[str, float]]]:
    """So many clients that ask runaways one after the other; afterwards how each ended, and after how many seconds."""
    ended: list[tuple[str, float]] = []
    enough = threading.Event()

    def client(number: int) -> None:
        queries = cycle(runaways())
        for _ in range(number):
            next(queries)
        while not enough.is_set():
            ended.append(_ended(f"{server.url}?query={quote(next(queries))}&timeout={deadline}"))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(RUNAWAYS)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(deadline / 2)
        yield ended
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def _ended(url: str) -> tuple[str, float]:
    began = time.perf_counter()
    try:
        with urlopen(url, timeout=120) as answer:
            answer.read()
            kind = str(answer.status)
    except HTTPError as error:
        kind = str(error.code)
    except (URLError, OSError) as error:
        kind = type(error).__name__
    return kind, time.perf_counter() - began


def _solutions(answer: bytes) -> list[list[tuple[str, str]]]:
    """The solutions of a SELECT in an order of their own, numbers by value."""
    rows = json.loads(answer)["results"]["bindings"]
    return sorted(sorted((name, _value(term)) for name, term in row.items()) for row in rows)


def _value(term: dict[str, str]) -> str:
    if term.get("datatype", "").endswith(_NUMBERS):
        return f"{Decimal(term['value']).normalize():f}"
    return term["value"]
