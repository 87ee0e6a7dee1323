"""``/metrics``: what the service has done and is doing, for Prometheus.

Counters of requests grow as requests end; all else is read when somebody asks. Each application has a registry of its
own. The names are in the README, and part of the interface.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil
from fastapi import APIRouter
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg import __version__
from kg.serve.operations.watching import PROBLEM, Seen
from kg.store.querying.base import Pool

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
"""Seconds. A point lookup takes one to some milliseconds, and a query may take half a minute by default."""

_SECOND = 1.0

Measured = tuple[str, str, Callable[[], float]]
"""The name of a gauge, what it tells, and what reads it."""


@dataclass(frozen=True, slots=True)
class _Counts:
    """The counters for one combination of labels, found once: to look them up takes longer than to count."""

    requests: Counter
    seconds: Histogram
    bytes: Counter


class Metrics:
    """The metrics of one application; as a function, what counts a request that has ended.

    Parameters
    ----------
    others
        What else is read when somebody asks.
    """

    def __init__(self, pool: Pool, *others: Measured) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "kg_http_requests", "Requests that have ended.", ("route", "method", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "kg_http_request_duration_seconds",
            "Seconds from the first byte of a request to the last of its answer.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._bytes = Counter(
            "kg_http_response_bytes", "Bytes of answers, without their heads.", ("route",), registry=self.registry
        )
        self._broken = Counter(
            "kg_http_responses_broken_off",
            "Answers that had begun and were not completed: a limit was reached, or the client left.",
            registry=self.registry,
        )
        self._problems = Counter(
            "kg_problems", "Errors that were answered, by their stable code.", ("code",), registry=self.registry
        )
        self._counts: dict[tuple[str, str, int], _Counts] = {}
        self.registry.register(_State(pool, others))
        ProcessCollector(registry=self.registry)

    def __call__(self, seen: Seen) -> None:
        """Count a request."""
        key = (seen.route, seen.method, seen.status)
        counts = self._counts.get(key) or self._found(*key)
        counts.requests.inc()
        counts.seconds.observe(seen.seconds)
        if seen.size:
            counts.bytes.inc(seen.size)
            if not seen.complete:
                self._broken.inc()
        if code := seen.scope.get(PROBLEM):
            self._problems.labels(code).inc()

    def text(self, accept: str) -> tuple[bytes, str]:
        """All metrics in the format that a scraper prefers, and its media type."""
        encoder, media_type = choose_encoder(accept)
        return encoder(_Timeless(self.registry)), media_type

    def _found(self, route: str, method: str, status: int) -> _Counts:
        requests = self._requests.labels(route, method, str(status))
        counts = _Counts(requests, self._seconds.labels(route), self._bytes.labels(route))
        self._counts[route, method, status] = counts
        return counts


class _Timeless(CollectorRegistry):
    """A registry without the times at which counters were made: a second series for each, which tell nothing here."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__()
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        """The metrics of the registry, but for these."""
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric


class Children:
    """Processes below this one, looked for once a second at most: to look takes 5 ms, in which nobody is answered."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = clock()
        self._sizes: list[int] = []

    def sizes(self) -> list[int]:
        """Bytes of memory of each, as they are or were less than a second ago."""
        if (now := self._clock()) >= self._until:
            found = psutil.Process().children(recursive=True)
            self._sizes = [size for child in found if (size := _resident(child))]
            self._until = now + _SECOND
        return self._sizes


class _State(Collector):
    """What is read when somebody asks."""

    def __init__(self, pool: Pool, others: tuple[Measured, ...]) -> None:
        self._pool = pool
        self._others = others
        self._children = Children()

    def collect(self) -> Iterator[Metric]:
        """All of it."""
        yield InfoMetricFamily("kg", "The program.", {"version": __version__})
        yield from self._places()
        yield from self._processes()
        yield from self._answers()
        yield from self._release()
        for name, meaning, number in self._others:
            yield GaugeMetricFamily(name, meaning, number())

    def _places(self) -> Iterator[Metric]:
        pool = self._pool
        yield GaugeMetricFamily("kg_query_places", "Queries that may run at once.", pool.size)
        yield GaugeMetricFamily("kg_query_places_busy", "Queries that run, and other work in their places.", pool.busy)
        yield GaugeMetricFamily("kg_queries_waiting", "Queries that wait for a place.", pool.waiting)

    def _processes(self) -> Iterator[Metric]:
        tally = self._pool.tally
        yield CounterMetricFamily("kg_query_processes_started", "Query processes started.", tally.started)
        ended = CounterMetricFamily("kg_query_processes_ended", "Query processes ended, by why.", labels=("reason",))
        for reason, number in sorted(tally.ended.items()):
            ended.add_metric((reason,), number)
        yield ended
        sizes = self._children.sizes()
        yield GaugeMetricFamily("kg_child_processes", "Processes below the web process.", len(sizes))
        memory = "Memory of the processes below the web process; what they share counts for each."
        yield GaugeMetricFamily("kg_child_processes_resident_memory_bytes", memory, sum(sizes))

    def _answers(self) -> Iterator[Metric]:
        kept = self._pool.kept
        yield CounterMetricFamily("kg_kept_answers_hits", "Answers that were kept and could be given again.", kept.hits)
        yield CounterMetricFamily("kg_kept_answers_misses", "Answers that were looked for and not kept.", kept.misses)
        yield GaugeMetricFamily("kg_kept_answers", "Answers that are kept.", len(kept))
        yield GaugeMetricFamily("kg_kept_answers_bytes", "Memory that they take, about.", kept.size)

    def _release(self) -> Iterator[Metric]:
        release = self._pool.release
        yield InfoMetricFamily("kg_release", "The release that is served.", {"release": release.id})
        if created := release.manifest.created:
            age = (datetime.now(UTC) - datetime.fromisoformat(created)).total_seconds()
            yield GaugeMetricFamily("kg_release_age_seconds", "Seconds since the release that is served was made.", age)
        yield GaugeMetricFamily("kg_release_quads", "Quads in it.", release.manifest.quads)


def router(metrics: Metrics) -> APIRouter:
    """The place to read them; who may read the graph may read them."""
    routes = APIRouter(tags=["operations"])

    async def read(http: HttpRequest) -> Response:
        body, media_type = metrics.text(http.headers.get("accept", ""))
        return Response(body, headers={"Content-Type": media_type, "Cache-Control": "no-store"})

    routes.add_api_route(
        "/metrics",
        read,
        methods=["GET"],
        summary="What the service has done and is doing, for Prometheus",
        response_class=Response,
        responses={200: {"content": {"text/plain": {}}, "description": "Prometheus text format, or OpenMetrics"}},
    )
    return routes


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
