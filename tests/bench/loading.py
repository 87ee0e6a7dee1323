"""A register of six columns on its way in: to N-Quads, to a loaded release, and how much memory that takes.

`oxigraph load` has the N-Quads already and makes no segment; we have the table. Each way starts from nothing and ends
with a database on disk.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sysconfig
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TypeVar

from kg import pipeline
from kg.sources import register
from kg.store.releases import DataFolder

from . import data
from .harness import Cost, Line, cost, short, step

QUADS_A_ROW = 7
_MIB = 1024
_T = TypeVar("_T")


def load_register(folder: Path, rows: int, runs: int) -> list[Line]:
    """CSV to N-Quads, and CSV to a published database beside ``oxigraph load``; memory at a quarter and at all rows."""
    quarter = max(rows // 4, 1)
    small, large = (folder / name for name in ("small", "large"))
    step(f"writing tables of {quarter:,} and {rows:,} rows")
    data.contracts(small, quarter)
    data.contracts(large, rows)
    text = folder / "lines.nq"
    step("mapping them to N-Quads")
    mapped = [_apart(_mapped, room, text) for room in [small] + [large] * runs]
    written = min(mapped[1:], key=lambda found: found[0].seconds)
    loads = [_loaded(large, text, folder, f"{run} of {runs}") for run in range(1, runs + 1)]
    ours, theirs = (min(costs, key=lambda found: found.seconds) for costs in zip(*loads, strict=True))
    assert ours.result == theirs.result == QUADS_A_ROW * rows
    size, against = f"{rows:,} rows", "oxigraph load of the N-Quads"
    memory = f"CSV to N-Quads, {mapped[0][1]} MiB at {quarter:,} rows, {written[1]} MiB at all"
    return [
        Line(memory, size, written[0].seconds, theirs.seconds, against, theirs.result, "quad"),
        Line("CSV to published release", size, ours.seconds, theirs.seconds, against, theirs.result, "quad"),
    ]


def _loaded(room: Path, text: Path, scratch: Path, which: str) -> tuple[Cost, Cost]:
    """Both ways to a database, one after the other; what they leave goes, since each takes a gigabyte."""
    with TemporaryDirectory(dir=scratch) as name:
        step(f"publishing a release, {which}")
        ours = _apart(_published, room, Path(name))[0]
        step(f"oxigraph load, {which}: ours took {short(ours.seconds)}")
        return ours, cost(lambda: _oxigraph(text, Path(name)))


def _mapped(room: Path, text: Path) -> int:
    """Write the N-Quads of the register in a folder; the number of bytes."""
    with text.open("wb") as stream:
        return sum(stream.write(block) for block in _register(room).produce().blocks)


def _published(room: Path, scratch: Path) -> int:
    """Map, sort, compress and load the register, as a build does; the number of quads in the database."""
    target = DataFolder.open(Path(mkdtemp(dir=scratch)) / "data", create=True)
    item = _register(room)
    with target.stage() as staging:
        staging.replace_segment(item.name, item.produce().blocks)
        release = staging.publish(tool="kg bench")
    with release.open() as store:
        return len(store.database)


def _register(room: Path) -> pipeline.Input:
    (item,) = pipeline.from_sources(register.discover([room]))
    return item


def _oxigraph(text: Path, scratch: Path) -> int:
    program = shutil.which("oxigraph", path=sysconfig.get_path("scripts")) or "oxigraph"
    target = Path(mkdtemp(dir=scratch)) / "database"
    command = [program, "load", "--location", target, "--file", text, "--lenient"]
    subprocess.run(command, check=True, capture_output=True)
    with text.open("rb") as stream:
        return sum(1 for _ in stream)


def _apart(way: Callable[[Path, Path], _T], room: Path, other: Path) -> tuple[Cost, int]:
    """What a way costs in a process of its own, and the most memory that it takes there, in MiB."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, way, room, other).result()


def _measured(way: Callable[[Path, Path], _T], room: Path, other: Path) -> tuple[Cost, int]:
    taken = cost(lambda: way(room, other))
    return taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _MIB
