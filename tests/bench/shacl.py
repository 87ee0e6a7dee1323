"""The gate on a register with planted faults, at a hundredth, a tenth and the whole of its size, and after a change.

All of them are read from a release on disk, each in a process of its own, whose greatest memory stands beside the size.
At the smallest size pySHACL does the same by itself, on a graph in memory whose making is not counted and which parses
each query once: as pySHACL comes, it parses one for each focus node, and takes more than 650 CPU s where this takes 39.
"""

from __future__ import annotations

import resource
import site
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from kg import assets, pipeline
from kg.pipeline import Input
from kg.store.base import text_of
from kg.store.releases import DataFolder, Release, Staging
from kg.validation import gate, reference
from kg.validation.incremental.affected import Since
from kg.validation.report import Report
from kg.validation.shapes import Shapes

from . import agreements
from .harness import Cost, Line, cost

PARTS = (100, 10, 1)
CHANGED = 100
_KIB = 1024
_T = TypeVar("_T")


def check_register(folder: Path, number: int, runs: int) -> list[Line]:
    """The gate's report on a register of so many agreements and on parts of it, and on a change in the whole."""
    sizes = [max(number // part, 2 * len(agreements.FAULTS)) for part in PARTS]
    rooms = [_apart(_made, folder / str(size), size) for size in sizes]
    costs = [_least(runs, _checked, room, size) for room, size in zip(rooms, sizes, strict=True)]
    theirs = _apart(_by_reference, rooms[0], sizes[0])
    lines = [_line("shapes", sizes[0], costs[0], theirs.seconds, "pySHACL with all shapes")]
    for size, ours in zip(sizes[1:], costs[1:], strict=True):
        limit = size / sizes[0] * costs[0].seconds
        lines.append(_line("shapes", size, ours, limit, "the first line, by number"))
    change = _least(runs, _rechecked, rooms[-1], sizes[-1])
    return [*lines, _line(f"shapes, {CHANGED} rows changed", sizes[-1], change, costs[-1].seconds, "the line above")]


def _made(room: Path, number: int) -> Path:
    """A data folder with the release of a register, and of some rows that change later, apart from it."""
    room.mkdir()
    sources = [agreements.register(room, number), agreements.correction(room, number, CHANGED, 0)]
    with _data(room, create=True).stage() as staging:
        _replace(staging, [*pipeline.bundled(), *pipeline.from_sources(sources)])
        staging.publish(tool="kg bench")
    return room


def _checked(room: Path, number: int) -> Cost:
    """The cost of the gate, and the memory that the process took in MiB."""
    shapes = _shapes()
    with _live(room).open() as store:
        taken = cost(lambda: gate.check(store, shapes))
    _assert_found(taken.result, number)
    return Cost(taken.seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB)


def _rechecked(room: Path, number: int) -> Cost:
    """The same after another edition of the rows that change."""
    shapes = _shapes()
    with _live(room).open() as store:
        before = gate.check(store, shapes)
    with _data(room).stage() as staging:
        _replace(staging, pipeline.from_sources([agreements.correction(staging.folder, number, CHANGED, 1)]))
        store, difference = staging.store, staging.since_parent()
        assert difference
        taken = cost(lambda: gate.check(store, shapes, since=Since(before, *difference)))
        _assert_found(taken.result, number)
    return Cost(taken.seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB)


def _by_reference(room: Path, number: int) -> Cost:
    """What pySHACL costs."""
    shapes = _shapes()
    with _live(room).open() as store:
        data = reference.merged(store, {quad.predicate.value for quad in store.quads()})
    taken = cost(lambda: reference.everything(data, shapes))
    _assert_found(taken.result, number)
    return Cost(taken.seconds, None)


def _assert_found(report: Report, number: int) -> None:
    found = {(result.rule, result.component, text_of(result.focus)) for result in report.results}
    assert found == agreements.planted(number)
    assert len(found) == len(report.results)


def _replace(staging: Staging, items: list[Input]) -> None:
    for item in items:
        staging.replace_segment(item.name, item.produce().blocks)


def _data(room: Path, *, create: bool = False) -> DataFolder:
    return DataFolder.open(room / "data", create=create)


def _live(room: Path) -> Release:
    release = _data(room).current()
    assert release
    return release


def _shapes() -> Shapes:
    return Shapes.load(assets.turtle_files("shapes"))


def _least(runs: int, way: Callable[[Path, int], Cost], room: Path, number: int) -> Cost:
    return min((_apart(way, room, number) for _ in range(runs)), key=lambda taken: taken.seconds)


def _apart(way: Callable[[Path, int], _T], room: Path, number: int) -> _T:
    """What a way gives in a new process, which has no memory of others."""
    above = Path(__file__).parents[__name__.count(".")]
    context = get_context("spawn")
    with ProcessPoolExecutor(1, context, initializer=site.addsitedir, initargs=(str(above),)) as pool:
        return pool.submit(way, room, number).result()


def _line(what: str, number: int, ours: Cost, limit: float, against: str) -> Line:
    size = f"{number:,} agreements, {ours.result:,.0f} MiB"
    return Line(what, size, ours.seconds, limit, against, number, "agreement")
