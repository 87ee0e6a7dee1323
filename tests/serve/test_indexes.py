"""The index of what a server elsewhere holds is that of the data folder beside the service."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pyoxigraph as ox
import pytest

from kg.errors import NotFoundError
from kg.search import prepare, question, search
from kg.serve.exports import Exports
from kg.serve.indexes import Indexes
from kg.store.canonical import canonical
from kg.store.manifest import Manifest
from kg.store.releases import DataFolder, Release
from kg.vocabulary import RDFS


@dataclass(frozen=True)
class Elsewhere:
    """A release of a server, as far as it is known here."""

    manifest: Manifest

    @property
    def id(self) -> str:
        return self.manifest.id


def found(release: Any, root: Path | None) -> int:
    async def asked() -> int:
        pool = cast(Any, SimpleNamespace(release=release))
        async with Indexes(pool, Exports(pool, settle=None), root) as indexes:
            index = (await indexes.current()).index
            return await indexes.ask(lambda: search(index, question("清华")).total)

    return asyncio.run(asked())


def test_a_server_is_searched_in_the_data_folder_that_filled_it(bundle_release: Release) -> None:
    prepare(bundle_release)
    assert found(Elsewhere(bundle_release.manifest), bundle_release.layout.root) == 1


@pytest.mark.parametrize("identifier", ["", "20200101T000000.000Z-00000000"])
def test_a_server_that_holds_something_else_is_not_searched(identifier: str, bundle_release: Release) -> None:
    other = Elsewhere(replace(bundle_release.manifest, id=identifier))
    for root in (bundle_release.layout.root, None):
        with pytest.raises(NotFoundError, match="kg push"):
            found(other, root)


PATIENCE = 10.0
SOURCE = ox.NamedNode("https://example.org/source")


def publish(folder: Path) -> Release:
    """A release that has no index yet."""
    named = ox.Quad(SOURCE, ox.NamedNode(RDFS.label), ox.Literal("清华", language="zh"), SOURCE)
    with DataFolder.open(folder, create=True).stage() as staging:
        staging.replace_segment("source", canonical([named]))
        return staging.publish(tool="test")


class Making:
    """Makes an index once as many wait for it as shall."""

    def __init__(self, waiting: int) -> None:
        self._all_wait = asyncio.Barrier(waiting)

    async def index(self, release: Release) -> None:
        await self._all_wait.wait()
        await asyncio.to_thread(prepare, release)


def test_nobody_waits_for_others_who_wait_for_the_first_index(tmp_path: Path) -> None:
    release, number = publish(tmp_path / "data"), 3

    async def asked() -> None:
        pool = cast(Any, SimpleNamespace(release=release))
        async with Indexes(pool, cast(Any, Making(number))) as indexes, asyncio.timeout(PATIENCE):
            opened = await asyncio.gather(*(indexes.current() for _ in range(number)))
            assert opened == [await indexes.current()] * number
            assert opened[0].release == release.id

    asyncio.run(asked())
