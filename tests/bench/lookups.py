"""Questions: a query process of the service, beside Oxigraph in the process that asks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from kg import iris, pipeline
from kg.store.querying.workers import QueryPool, Request
from kg.store.releases import DataFolder, Release

from . import data
from .harness import Line, side_by_side

ROWS = 2_000
JSON = ox.QueryResultsFormat.JSON


def look_up(folder: Path, number: int, runs: int) -> list[Line]:
    """Queries for all that is said of one thing, one after the other."""
    queries = [f"SELECT ?p ?o WHERE {{ <{iris.ID}agreement/c{n % ROWS}> ?p ?o }}" for n in range(number)]
    release = _register(folder)
    database = ox.Store.read_only(str(release.database))
    with _asking(release) as (runner, pool):
        ours, limit = side_by_side(
            lambda: runner.run(_answers(pool, queries)), lambda: _in_process(database, queries), runs=runs
        )
    assert ours.result == limit.result
    assert len(set(limit.result)) == min(number, ROWS)
    against = "Oxigraph in the same process"
    return [Line("point lookups", f"{number:,} queries", ours.seconds, limit.seconds, against, number, "query")]


def _register(folder: Path) -> Release:
    (item,) = pipeline.from_sources([data.contracts(folder, ROWS)])
    with DataFolder.open(folder / "data", create=True).stage() as staging:
        staging.replace_segment(item.name, item.produce().blocks)
        return staging.publish(tool="kg bench")


@contextmanager
def _asking(release: Release) -> Iterator[tuple[asyncio.Runner, QueryPool]]:
    """A pool of one process that is there before the first question is measured."""
    pool = QueryPool(release, size=1)
    with asyncio.Runner() as runner:
        runner.run(pool.__aenter__())
        try:
            yield runner, pool
        finally:
            runner.run(pool.__aexit__())


async def _answers(pool: QueryPool, queries: Sequence[str]) -> list[bytes]:
    found = []
    for query in queries:
        async with pool.answer(Request(query=query)) as answer:
            found.append(await answer.read(1 << 20))
    return found


def _in_process(database: ox.Store, queries: Sequence[str]) -> list[bytes]:
    results = (database.query(query, use_default_graph_as_union=True) for query in queries)
    return [result.serialize(format=JSON) for result in results]
