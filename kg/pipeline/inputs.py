"""What goes into a release: the project's own Turtle, and sources. Each input fills one segment.

An input knows its digest before it is read, so that an unchanged one costs nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kg import assets, csvw, iris
from kg.csvw import Mapped
from kg.errors import KgError, MappingError, SourceError
from kg.pipeline import refusals
from kg.pipeline.refusals import Refused
from kg.sources.assembly import assembled
from kg.sources.base import Source
from kg.store.canonical import Block, canonical
from kg.store.rdf_files import RdfFile
from kg.store.reading import read_rdf
from kg.vocabulary import PROV, TT, XSD

CC_BY = "https://creativecommons.org/licenses/by/4.0/"

_TOLD = ("publisher", "description", "homepage", "language")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Produced:
    """What an input gave: canonical blocks, rows of each table, and the rows that were left out, if any were to be."""

    blocks: Iterator[Block]
    rows: Mapping[str, int] = field(default_factory=dict)
    refused: Refused | None = None


Locate = Callable[[Iterable[str]], dict[str, str]]


def _nowhere(_: Iterable[str]) -> dict[str, str]:
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
        Places of subjects by IRI, for a report: file and row of a table; empty where there are no rows.
    expected
        Rows that ``source.toml`` expects of each table, by ``<source>/<table>``.
    about
        What else a source says of itself, for catalogues: ``publisher``, ``description``, ``homepage``, ``language``.
    """

    name: str
    kind: str
    title: str
    licence: str
    digest: str
    produce: Callable[[], Produced]
    locate: Locate = _nowhere
    expected: Mapping[str, int] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)


def bundled() -> list[Input]:
    """The inputs that are the project's own Turtle: ontology with its alignments, and concept schemes."""
    folder = assets.folder("ontology")
    terms = [
        RdfFile(folder / "techtransfer.ttl", iris.GRAPH_ONTOLOGY),
        RdfFile(folder / "alignment.ttl", iris.GRAPH_ALIGNMENT),
    ]
    schemes = [RdfFile(path, iris.GRAPH_CONCEPTS) for path in sorted((folder / "schemes").glob("*.ttl"))]
    return [_turtle("ontology", "ontology and alignments", terms), _turtle("concepts", "concept schemes", schemes)]


def from_sources(sources: Iterable[Source], *, keep_going: bool = False) -> list[Input]:
    """The inputs that are source folders: tables with CSVW metadata; not those whose download is not there.

    Parameters
    ----------
    keep_going
        Leave out rows that are wrong instead of refusing the source.
    """
    return [_source(source, keep_going=keep_going) for source in sources if source.ready]


def segment_of(source: Source) -> str:
    """The name of the segment that a source fills."""
    return source.graph.removeprefix(iris.GRAPH)


def read(inputs: Iterable[Input], progress: Progress) -> list[tuple[Input, Produced]]:
    """All inputs read; if several are wrong, all of them are named before anything is raised.

    Raises
    ------
    MappingError, SourceError
        An input cannot be read as a whole.
    """
    results: list[tuple[Input, Produced]] = []
    errors: list[MappingError | SourceError] = []
    for item in inputs:
        progress(f"reading {item.name}")
        try:
            results.append((item, item.produce()))
        except (MappingError, SourceError) as error:
            errors.append(error)
    if errors:
        raise _together(errors)
    return results


def digest_of(files: Iterable[Path], *more: str) -> str:
    """SHA-256 over the content of files and further text."""
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    for text in more:
        digest.update(hashlib.sha256(text.encode()).digest())
    return digest.hexdigest()


def from_tables(mapped: Mapped) -> Iterator[Block]:
    """The blocks of mapped tables; `kg.csvw` writes lines in canonical form, so they are not parsed again."""
    yield from (Block(block) for block in mapped.blocks())


def rows_of(metadata: Path, root: Path | None = None) -> Locate:
    """How to find the rows of subjects in the tables that a metadata file describes."""

    def locate(subjects: Iterable[str]) -> dict[str, str]:
        rows = csvw.locate(csvw.read(metadata, root=root), subjects)
        return {subject: f"{file}, row {row}" for subject, (file, row) in rows.items()}

    return locate


def reading_code() -> str:
    """The digest of the code that turns files into segments."""
    return assets.code_digest(
        "csvw",
        "packed.py",
        "sources/assembly.py",
        "sources/statistics.py",
        "store/canonical.py",
        "store/rdf_files.py",
        "store/blank_nodes.py",
    )


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


def _source(source: Source, *, keep_going: bool) -> Input:
    return Input(
        name=segment_of(source),
        kind="source",
        title=source.title,
        licence=source.licence,
        digest=digest_of([], source.digest(), reading_code()),
        produce=lambda: _produced(source, keep_going=keep_going),
        locate=_rows_of_source(source),
        expected={f"{source.name}/{table}": rows for table, rows in source.expected},
        about={key: said for key in _TOLD if (said := getattr(source, key))},
    )


def _produced(source: Source, *, keep_going: bool) -> Produced:
    """The blocks of a source. A register's places of rows go to a graph of their own: a shifted line changes no record.

    The tables of a download stay until the last block is read.
    """
    rows = iris.rows_graph(source.graph)
    apart = {TT.evidence: rows, PROV.wasDerivedFrom: rows} if source.download else {}
    with ExitStack() as stack:
        metadata, root = stack.enter_context(assembled(source))
        group = csvw.read(metadata, root=root)
        mapped = csvw.map(group, source=source.name, graph=source.graph, apart=apart, keep_going=keep_going)
        refused = refusals.of(mapped)
        blocks = _until_read(chain(from_tables(mapped), _captured(source)), stack.pop_all())
    return Produced(blocks, mapped.rows, refused)


def _until_read(blocks: Iterable[Block], stack: ExitStack) -> Iterator[Block]:
    with stack:
        yield from blocks


def _captured(source: Source) -> Iterator[Block]:
    """Digest and length of the downloaded files, on the documents that they are."""
    if source.download and source.downloaded:
        graph = NamedNode(source.graph)
        for key, digest, length in source.download.captured(source.downloaded):
            document = NamedNode(iris.identifier(f"doc/{key}"))
            size = Literal(str(length), datatype=NamedNode(XSD.integer))
            said = ((TT.contentDigest, Literal(digest)), (TT.byteLength, size))
            yield from canonical(Quad(document, NamedNode(name), value, graph) for name, value in said)


def _rows_of_source(source: Source) -> Locate:
    def locate(subjects: Iterable[str]) -> dict[str, str]:
        with assembled(source) as (metadata, root):
            return rows_of(metadata, root)(subjects)

    return locate


def _together(errors: Sequence[MappingError | SourceError]) -> KgError:
    """One error for all: every wrong cell of every source, or every text where there is more than cells."""
    if len(errors) == 1:
        return errors[0]
    mapping = [error for error in errors if isinstance(error, MappingError)]
    if len(mapping) < len(errors):
        return SourceError("\n".join(str(error) for error in errors))
    return MappingError(", ".join(e.source for e in mapping), [c for e in mapping for c in e.complaints])
