"""What goes into a release: the project's own Turtle, and sources. Each input fills one segment.

An input knows its digest before it is read, so that an unchanged one costs nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg import assets, csvw, iris
from kg.csvw import Mapped
from kg.sources.base import Source
from kg.store.canonical import Block
from kg.store.rdf_files import RdfFile
from kg.store.reading import read_rdf
from kg.validation import gate
from kg.validation.report import Report

CC_BY = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Produced:
    """What an input gave: canonical blocks, rows of each table, and remarks on their number."""

    blocks: Iterator[Block]
    rows: Mapping[str, int] = field(default_factory=dict)
    remarks: Report = field(default_factory=Report)


def _nowhere(_: Iterable[str]) -> dict[str, tuple[str, int]]:
    return {}


@dataclass(frozen=True)
class Input:
    """One thing that fills a segment.

    Attributes
    ----------
    name
        Of the segment: ``ontology``, ``source/seed-articles``, ``load/mine``.
    kind
        ``project``, ``source`` or ``load``.
    digest
        SHA-256 over what goes in and the code that reads it.
    produce
        Reads it. Raises MappingError or SourceError if it cannot be read as a whole.
    locate
        File and row of subjects, for a report; empty where there are no rows.
    """

    name: str
    kind: str
    title: str
    licence: str
    digest: str
    produce: Callable[[], Produced]
    locate: Callable[[Iterable[str]], dict[str, tuple[str, int]]] = _nowhere


def bundled() -> list[Input]:
    """The inputs that are the project's own Turtle: ontology with its alignments, and concept schemes."""
    folder = assets.folder("ontology")
    terms = [
        RdfFile(folder / "techtransfer.ttl", iris.GRAPH_ONTOLOGY),
        RdfFile(folder / "alignment.ttl", iris.GRAPH_ALIGNMENT),
    ]
    schemes = [RdfFile(path, iris.GRAPH_CONCEPTS) for path in sorted((folder / "schemes").glob("*.ttl"))]
    return [_turtle("ontology", "ontology and alignments", terms), _turtle("concepts", "concept schemes", schemes)]


def from_sources(sources: Iterable[Source]) -> list[Input]:
    """The inputs that are source folders: tables with CSVW metadata."""
    return [_source(source) for source in sources]


def digest_of(files: Iterable[Path], *more: str) -> str:
    """SHA-256 over the content of files and further text."""
    digest = hashlib.sha256()
    for part in [*(path.read_bytes() for path in files), *(text.encode() for text in more)]:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def from_tables(mapped: Mapped) -> Iterator[Block]:
    """The blocks of mapped tables; `kg.csvw` writes lines in canonical form, so they are not parsed again."""
    for chunk in mapped.chunks():
        yield Block("".join(f"{line}\n" for line in chunk).encode())


def reading_code() -> str:
    """The digest of the code that turns files into segments."""
    return assets.code_digest("csvw", "store/canonical.py", "store/rdf_files.py", "store/blank_nodes.py")


def _turtle(name: str, title: str, files: list[RdfFile]) -> Input:
    paths = [file.content for file in files if isinstance(file.content, Path)]
    return Input(
        name=name,
        kind="project",
        title=title,
        licence=CC_BY,
        digest=digest_of(paths, reading_code()),
        produce=lambda: Produced(read_rdf(files, limits=None)),
    )


def _source(source: Source) -> Input:
    def produce() -> Produced:
        mapped = csvw.map(csvw.read(source.metadata, root=source.root), source=source.name, graph=source.graph)
        return Produced(from_tables(mapped), mapped.rows, _remarks(source, mapped.rows))

    return Input(
        name=source.graph.removeprefix(iris.GRAPH),
        kind="source",
        title=source.title,
        licence=source.licence,
        digest=digest_of([], source.digest(), reading_code()),
        produce=produce,
        locate=lambda subjects: csvw.locate(csvw.read(source.metadata, root=source.root), subjects),
    )


def _remarks(source: Source, rows: Mapping[str, int]) -> Report:
    """What the gate is to know of tables with another number of rows than ``source.toml`` expects."""
    remarks = Report()
    for table, expected in source.expected:
        remarks += gate.count_rows(f"{source.name}/{table}", expected=expected, found=rows.get(table, 0))
    return remarks
