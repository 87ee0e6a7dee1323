"""The beginning of an answer, whatever was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pyoxigraph as ox
import pytest

from kg.errors import QuerySyntaxError
from kg.queries import Table
from kg.serve.negotiation import RESULTS
from kg.serve.views.excerpts import ROWS, Excerpt, excerpt
from kg.store.querying.base import Pool
from kg.store.querying.workers import QueryPool, Request
from kg.store.release import Release

from ..store.dropping import dropped_elsewhere

LONG = "SELECT * { { SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } } BIND('%s' AS ?text) }"


@pytest.fixture(scope="module")
def ask(release: Release):
    def asked(query: str) -> Excerpt:
        async def answered() -> Excerpt:
            async with QueryPool(release, size=1) as pool:
                return await excerpt(pool, Request(query=query))

        return asyncio.run(answered())

    return asked


def test_solutions(ask) -> None:
    found = ask("SELECT ?y ?x { VALUES (?x ?y) { (1 2) (UNDEF 'a') } }")
    assert found == Excerpt(Table(("y", "x"), ((ox.Literal(2), ox.Literal(1)), (ox.Literal("a"), None))), False, False)


def test_what_ask_says(ask) -> None:
    assert ask("ASK {}") == Excerpt(Table(("answer",), ((ox.Literal(True),),)), more=False, triples=False)


def test_triples(ask) -> None:
    found = ask("CONSTRUCT { <x:a> <x:b> 'c'@en } {}")
    row = (ox.NamedNode("x:a"), ox.NamedNode("x:b"), ox.Literal("c", language="en"))
    assert found == Excerpt(Table(("subject", "predicate", "object"), (row,)), more=False, triples=True)


def test_no_rows(ask) -> None:
    assert ask("SELECT ?x { FILTER(false) }") == Excerpt(Table(("x",), ()), more=False, triples=False)


@pytest.mark.parametrize(("number", "more"), [(ROWS, False), (ROWS + 1, True)])
def test_as_many_rows_as_are_shown(ask, number: int, more: bool) -> None:
    found = ask(f"SELECT ?a {{ ?a ?b ?c . ?d ?e ?f }} LIMIT {number}")
    assert (len(found.table.rows), found.more) == (ROWS, more)


def test_rows_that_are_cut_off_are_left_out(ask) -> None:
    found = ask(LONG % ("x" * 50_000))
    assert found.more
    assert 20 < len(found.table.rows) < 100
    assert ask(LONG % ("x" * 3_000_000)).table.rows == ()


def test_what_is_wrong_is_said(ask) -> None:
    with pytest.raises(QuerySyntaxError):
        ask("SELECT")


BROKEN = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"a"}},{]}}'


class Broken:
    """A pool whose answer is whole and yet no results; and that answer."""

    media_type, received = RESULTS["srj"], True

    @asynccontextmanager
    async def answer(self, _: Request) -> AsyncIterator[Broken]:
        yield self

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield BROKEN


def test_an_answer_that_is_none_leaves_nothing_of_its_thread() -> None:
    pool = cast(Pool, Broken())
    assert dropped_elsewhere(lambda: asyncio.run(excerpt(pool, Request(query=""))), SyntaxError)
