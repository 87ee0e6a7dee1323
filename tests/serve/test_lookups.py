"""What is looked up to understand the values of a named query: within the caller's time, and kept within room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import cast

import pyoxigraph as ox

from kg.queries import NamedQuery, Table
from kg.queries.values import Lookup
from kg.serve.named.asking import Asking
from kg.serve.named.lookups import KeptLookups
from kg.serve.named.rows import KeptRows
from kg.store.querying.base import Pool
from kg.store.querying.requests import Limits, Request

WORD = Lookup("SELECT ?thing WHERE { }", ("thing",))


class Nothing:
    """A pool that knows nothing, and remembers within which limits it was asked."""

    def __init__(self) -> None:
        self.release = SimpleNamespace(id="one")
        self.limits = Limits(timeout=30, rows=1_000)
        self.given: list[Limits | None] = []

    @asynccontextmanager
    async def answer(self, _: Request, limits: Limits | None = None) -> AsyncIterator[SimpleNamespace]:
        async def read(_: int) -> bytes:
            return b'{"head": {"vars": ["thing", "naming", "name"]}, "results": {"bindings": []}}'

        self.given.append(limits)
        yield SimpleNamespace(read=read)


def test_lookups_of_a_word_have_the_time_of_their_caller(named_queries: dict[str, NamedQuery]) -> None:
    pool = Nothing()
    asking = Asking(cast(Pool, pool), KeptRows(cast(Pool, pool)))
    query = next(query for query in named_queries.values() if any(each.below for each in query.parameters))
    name = next(each.name for each in query.parameters if each.below)
    asyncio.run(asking.resolved(query, {name: "x1"}, Limits(timeout=3, rows=5)))
    assert pool.given
    assert {limits and (limits.timeout, limits.rows) for limits in pool.given} == {(3, 1_000)}


def table(rows: int) -> Table:
    return Table(("thing",), tuple((ox.NamedNode(f"https://example.org/{row:04}"),) for row in range(rows)))


def lookup(number: int) -> Lookup:
    return Lookup(f"{WORD.text} # {number}", WORD.columns)


def test_large_answers_to_lookups_are_kept_within_room() -> None:
    kept = KeptLookups(room=1024**2)
    for number in range(50):  # of 0.3 MB each
        kept.keep("one", lookup(number), table(1_000))
    found = [number for number in range(50) if kept.find("one", lookup(number))]
    assert found == list(range(50 - len(found), 50))
    assert 1 < len(found) < 5


def test_a_lookup_that_is_asked_for_again_stays() -> None:
    kept = KeptLookups(room=1024**2)
    for number in range(50):
        kept.keep("one", lookup(number), table(1_000))
        assert kept.find("one", lookup(0)) == table(1_000)


def test_what_has_no_room_or_no_name_is_not_kept() -> None:
    kept = KeptLookups(room=1024)
    kept.keep("one", WORD, table(1_000))
    assert kept.find("one", WORD) is None
    kept.keep("", WORD, table(1))
    assert kept.find("", WORD) is None


def test_another_release_has_answers_of_its_own() -> None:
    kept = KeptLookups()
    kept.keep("one", WORD, table(1))
    assert kept.find("two", WORD) is None
    kept.keep("two", WORD, table(2))
    assert kept.find("two", WORD) == table(2)
    assert kept.find("one", WORD) is None
