"""Small graphs as lines, and data folders with a clock of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.store.canonical import Block, canonical
from kg.store.releases import DataFolder, Release, Staging

BASE = "https://example.org/"


@pytest.fixture
def quad_lines() -> Callable[..., list[Block]]:
    """``quad_lines("g", 3)``: the canonical blocks of three quads that only this graph has, numbered from ``start``."""

    def make(graph: str, count: int, start: int = 0) -> list[Block]:
        numbers = range(start, start + count)
        predicate, value, home = ox.NamedNode(f"{BASE}p"), ox.Literal(graph), ox.NamedNode(f"{BASE}{graph}")
        return list(canonical(ox.Quad(ox.NamedNode(f"{BASE}{n}"), predicate, value, home) for n in numbers))

    return make


@pytest.fixture
def ticking() -> Callable[[], datetime]:
    """A clock that is a second later at every look."""
    times: Iterator[datetime] = (datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=n) for n in range(10_000))
    return lambda: next(times)


@pytest.fixture
def data(tmp_path: Path, ticking: Callable[[], datetime]) -> DataFolder:
    """An empty data folder."""
    return DataFolder.open(tmp_path / "data", create=True, clock=ticking)


@pytest.fixture
def publish(data: DataFolder) -> Callable[..., Release]:
    """``publish(a=blocks, b=None)``: a release in which segment a has this content and b is dropped."""

    def make(**content: list[Block] | None) -> Release:
        with data.stage() as staging:
            fill(staging, content)
            return staging.publish(tool="kg test")

    return make


def fill(staging: Staging, content: dict[str, list[Block] | None]) -> None:
    for name, blocks in content.items():
        if blocks is None:
            staging.drop_segment(name)
        else:
            staging.replace_segment(name, blocks)
