"""Answers lookups from a pool: all that one request asks together has the time that a single query would have."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import pyoxigraph as ox

from kg.errors import QueryTimeoutError, StoreBusyError
from kg.queries import Table
from kg.queries.values import Lookup, Steps
from kg.serve.threads import to_its_end
from kg.store.base import Published
from kg.store.querying.base import Pool
from kg.store.querying.requests import Limits, Request

T = TypeVar("T")

_LARGEST = 16 << 20
"""Bytes of one answer that are held; every lookup says how many rows it takes at most."""
_AGAIN = 3


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What was found, and the release that all of it is from."""

    found: T
    release: Published


async def explored(pool: Pool, begin: Callable[[], Steps[T]], limits: Limits) -> Outcome[T]:
    """What steps find.

    Parameters
    ----------
    begin
        Makes the steps; called again where a new release came between two lookups, so that an answer is of one.

    Raises
    ------
    QueryTimeoutError
        All lookups together took longer than a query may.
    StoreBusyError
        One release followed the other.
    KgError
        As of the steps and of `Pool.answer`.
    """
    for _ in range(_AGAIN):
        outcome = await _once(pool, begin(), limits)
        if outcome:
            return outcome
    raise StoreBusyError("releases follow one another just now; ask again in a moment")


async def _once(pool: Pool, steps: Steps[T], limits: Limits) -> Outcome[T] | None:
    """What steps find in one release; None if there were two."""
    clock = asyncio.get_running_loop().time
    last, release = clock() + limits.timeout, pool.release
    try:
        # in a thread, as what steps do with answers may take long; steps that run cannot be closed
        lookup = await to_its_end(_sent, steps, None)
        while not isinstance(lookup, _Found):
            if (seconds := last - clock()) <= 0:
                raise QueryTimeoutError("what this asks took longer than a query may; choose less")
            table, answered = await _answer(pool, lookup, seconds, limits)
            if answered.id != release.id:
                return None
            lookup = await to_its_end(_sent, steps, table)
        return Outcome(lookup.value, release)
    finally:
        steps.close()


@dataclass(frozen=True)
class _Found(Generic[T]):
    value: T


def _sent(steps: Steps[T], table: Table | None) -> Lookup | _Found[T]:
    """What steps ask next, or what they have found."""
    try:
        return steps.send(cast("Table", table))  # the first of all is None
    except StopIteration as end:
        return _Found(cast("T", end.value))


async def _answer(pool: Pool, lookup: Lookup, seconds: float, limits: Limits) -> tuple[Table, Published]:
    async with pool.answer(Request(query=lookup.text, timeout=seconds), limits) as answer:
        content = await answer.read(_LARGEST)
    solutions = cast("ox.QuerySolutions", ox.parse_query_results(content, ox.QueryResultsFormat.JSON))
    rows = tuple(tuple(solution[name] for name in lookup.columns) for solution in solutions)
    return Table(lookup.columns, rows), answer.release
