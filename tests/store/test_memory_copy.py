"""The copy in memory that a query process makes of a small release: when, of what, and that it answers the same."""

from __future__ import annotations

import dataclasses
import json
import logging
from pathlib import Path

import pytest

from kg.store.layout import Layout
from kg.store.querying.datasets import Datasets
from kg.store.querying.memory_copy import MemoryCopy
from kg.store.querying.requests import Limits, Request
from kg.store.querying.workers import QueryPool
from kg.store.release import Release

ENOUGH = 1e6
"""Seconds of queries that pay for any copy."""
QUERIES = (
    "SELECT ?s ?p ?o { ?s ?p ?o }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "SELECT DISTINCT ?p { ?s a ?class ; ?q ?x . ?x ?p ?y }",
)


def made(release: Release, **changes: object) -> tuple[MemoryCopy, list[int]]:
    """A copy that was to be made at once, and the room that was asked for."""
    room: list[int] = []
    release = dataclasses.replace(release, manifest=dataclasses.replace(release.manifest, **changes))
    copy = MemoryCopy(release, 300_000, room.append)
    copy.spend(ENOUGH)
    copy.wait()
    return copy, room


def test_it_holds_every_quad_in_its_graph(bundle_release: Release) -> None:
    copy, room = made(bundle_release)
    assert copy.database is not None
    with bundle_release.open() as store:
        assert {*copy.database} == {*store.database}
    assert room == [bundle_release.manifest.quads * 1000, 0]


def test_it_is_made_only_when_it_pays(bundle_release: Release) -> None:
    copy = MemoryCopy(bundle_release, 300_000, lambda _: None)
    copy.spend(bundle_release.manifest.quads * 1e-6)
    copy.wait()
    assert copy.database is None
    copy.spend(bundle_release.manifest.quads * 3e-6)
    copy.wait()
    assert copy.database is not None


@pytest.mark.parametrize("changes", [{"default_graph": "materialised"}, {"segments": {}}])
def test_what_cannot_be_copied_is_not(bundle_release: Release, changes: dict[str, object]) -> None:
    assert made(bundle_release, **changes)[0].database is None


def test_a_larger_release_than_asked_for_is_not_copied(bundle_release: Release) -> None:
    copy = MemoryCopy(bundle_release, bundle_release.manifest.quads - 1, lambda _: None)
    copy.spend(ENOUGH)
    copy.wait()
    assert copy.database is None


def test_without_its_segments_a_release_is_answered_from_disk(
    bundle_release: Release, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        copy, _ = made(dataclasses.replace(bundle_release, layout=Layout(tmp_path)))
    assert copy.database is None
    assert "answering from disk" in caplog.text


def test_slices_are_answered_from_disk_and_all_else_from_memory(bundle_release: Release) -> None:
    copy, _ = made(bundle_release)
    with bundle_release.open() as store:
        disk, memory = (Datasets(store.database, bundle_release.manifest) for _ in range(2))
        memory.copy = copy.database
        for query in ("SELECT ?s { ?s ?p ?o } LIMIT 50", "select ?s { ?s ?p ?o } offset 7 limit 5"):
            assert [*map(str, memory.query(query, None))] == [*map(str, disk.query(query, None))]
        for query in QUERIES:
            assert sorted(map(str, memory.query(query, None))) == sorted(map(str, disk.query(query, None)))


@pytest.mark.anyio
async def test_a_process_answers_the_same_before_and_after(bundle_release: Release) -> None:
    limits = Limits(copied=bundle_release.manifest.quads)
    answers = set()
    async with QueryPool(bundle_release, size=1, limits=limits) as pool:
        for number in range(40):
            async with pool.answer(Request(query=f"{QUERIES[1]} ORDER BY ?g # {number}")) as answer:
                answers.add(json.dumps(json.loads(await answer.read(2**20)), sort_keys=True))
    assert len(answers) == 1


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
