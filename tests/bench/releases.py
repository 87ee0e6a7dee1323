"""From segments to releases: loading, changing, and whole builds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import pyoxigraph as ox

from kg import assets, pipeline
from kg.pipeline import Input
from kg.sources import register
from kg.sources.base import Source
from kg.store.canonical import Block, canonical
from kg.store.releases import DataFolder, Release

from . import data
from .harness import Line, side_by_side

GRAPH = "https://example.org/small"


def load_release(folder: Path, rows: int, runs: int) -> list[Line]:
    """The first release of a register: its segment into the database, and the whole way from CSV to publication."""
    (item,) = pipeline.from_sources([data.contracts(folder, rows)])
    blocks = list(item.produce().blocks)
    text = folder / "lines.nq"
    text.write_bytes(b"".join(blocks))
    staged, published, limit = side_by_side(
        lambda: _staged(_data(folder), blocks),
        lambda: _published(_data(folder), {item.name: list(item.produce().blocks)}).manifest,
        lambda: _bulk_loaded(text, folder),
        runs=runs,
    )
    quads = limit.result
    assert staged.result == quads == 7 * rows
    assert sum(segment.quads for segment in published.result.segments.values()) == quads
    against = "Oxigraph's bulk_load of the N-Quads"
    size = f"{rows:,} rows"
    return [
        Line("lines to staged database", size, staged.seconds, limit.seconds, against, quads, "quad"),
        Line("CSV to published release", size, published.seconds, limit.seconds, against, quads, "quad"),
    ]


def change_release(folder: Path, rows: int, runs: int, *, changed: int = 100) -> list[Line]:
    """A small segment changed in a release with a large one, beside Oxigraph's backup and the same quads."""
    (item,) = pipeline.from_sources([data.contracts(folder, rows)])
    target = _data(folder)
    first = _published(target, {item.name: list(item.produce().blocks), "small": _small(0, changed)})
    versions = count(1)
    ours, limit = side_by_side(
        lambda: _published(target, {"small": _small(next(versions), changed)}),
        lambda: _patched(first, folder, changed),
        runs=runs,
    )
    made: Release = ours.result
    assert made.manifest.made_by == "patch"
    with made.open() as store:
        assert len(store.database) == limit.result == 7 * rows + changed
    size = f"{changed} of {7 * rows + changed:,} quads"
    return [
        Line(
            "publish a small change",
            size,
            ours.seconds,
            limit.seconds,
            "Oxigraph's backup, remove, extend",
            1,
            "change",
        )
    ]


def build_bundle(folder: Path, sources: int, runs: int) -> list[Line]:
    """The bundle, or its registry and so many of its sources, built from nothing; and built again, with no change."""
    inputs, target, text = _inputs(sources), _data(folder), folder / "lines.nq"
    first = _built(target, inputs)
    text.write_bytes(b"".join(first.lines()))
    whole, load = side_by_side(lambda: _built(_data(folder), inputs), lambda: _bulk_loaded(text, folder), runs=runs)
    again, digests = side_by_side(lambda: _built(target, _inputs(sources)), lambda: _digested(sources), runs=runs)
    assert again.result == first
    assert whole.result.manifest.counts["quads"] == load.result
    size = f"{len(inputs)} inputs, {load.result:,} quads"
    against = "Oxigraph's bulk_load of the N-Quads"
    return [
        Line("build the bundle", size, whole.seconds, load.seconds, against, load.result, "quad"),
        Line("build it again", size, again.seconds, digests.seconds, "hashing all files", len(digests.result), "file"),
    ]


def _inputs(sources: int) -> list[Input]:
    return [*pipeline.bundled(), *pipeline.from_sources(_sources(sources))]


def _sources(number: int) -> list[Source]:
    """The registry first, since the others refer to it."""
    return sorted(register.discover(), key=lambda source: source.name != "registry")[:number]


def _built(target: DataFolder, inputs: list[Input]) -> Release:
    release = pipeline.build(target, inputs, assets.turtle_files("shapes")).release
    assert release is not None
    return release


def _digested(sources: int) -> list[str]:
    """The digest of every file on which a build depends, which is the least that tells that none has changed."""
    own = [file for folder in ("ontology", "shapes") for file in assets.turtle_files(folder)]
    files = [*own, *(file for source in _sources(sources) for file in source.files())]
    return [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]


def _data(folder: Path) -> DataFolder:
    return DataFolder.open(_fresh(folder) / "data", create=True)


def _staged(target: DataFolder, blocks: list[Block]) -> int:
    with target.stage() as staging:
        staging.replace_segment("register", blocks)
        return len(staging.store.database)


def _published(target: DataFolder, content: dict[str, list[Block]]) -> Release:
    with target.stage() as staging:
        for name, blocks in content.items():
            staging.replace_segment(name, blocks)
        return staging.publish(tool="kg bench")


def _bulk_loaded(text: Path, folder: Path) -> int:
    database = ox.Store(str(_fresh(folder) / "database"))
    database.bulk_load(path=str(text), lenient=True)
    database.flush()
    return len(database)


def _patched(release: Release, folder: Path, changed: int) -> int:
    """What `change_release` comes down to in the database, done by hand."""
    target = _fresh(folder) / "database"
    ox.Store.read_only(str(release.database)).backup(str(target))
    database = ox.Store(str(target))
    for quad in _quads(0, changed):
        database.remove(quad)
    database.extend(_quads(1, changed))
    database.flush()
    return len(database)


def _small(version: int, number: int) -> list[Block]:
    return list(canonical(_quads(version, number)))


def _quads(version: int, number: int) -> Iterator[ox.Quad]:
    for n in range(number):
        yield ox.Quad(
            ox.NamedNode(f"{GRAPH}/{n}"), ox.NamedNode(f"{GRAPH}#is"), ox.Literal(str(version)), ox.NamedNode(GRAPH)
        )


def _fresh(folder: Path) -> Path:
    return Path(mkdtemp(dir=folder))
