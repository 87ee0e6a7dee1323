"""What a release offers to take away: files, what each holds, and the batch that makes it.

The one place that knows them all. A service shows these, the command line writes the same; a release without segments
offers nothing here, since its quads lie elsewhere: take them from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg import assets, iris
from kg.errors import NotFoundError
from kg.export import columns, counting, dumps, frames, naming, tables
from kg.export.statistics import Statistics
from kg.store.base import Published
from kg.store.release import Release
from kg.store.shelf import Batch, Shelf, flat, key_of
from kg.vocabulary import shortened

PACKED = {".gz": "application/gzip", ".zst": "application/zstd"}
"""Endings of packed files, and the media types of the packing."""
MEDIA_TYPES = {
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".jsonld": "application/ld+json",
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".cff": "application/yaml",
}
_READABLE = re.compile(f"{re.escape(iris.GRAPH)}([a-z0-9]+(?:[-/_][a-z0-9]+)*)", re.IGNORECASE)
CITATION = "CITATION.cff"
_COUNTS = "statistics.json"
_TABLE_CODE = ("columns", "counting", "dictionary", "schemas", "statistics", "tables")
_TABLE_KINDS = {
    "csv": "CSV",
    "parquet": "Parquet",
    "json": "Data dictionary of the tables, CSV on the Web metadata",
}


@dataclass(frozen=True)
class Offer:
    """One file.

    Parameters
    ----------
    name
        Its path below the release's.
    about
        IRI of the graph or class that it holds; empty for the whole release.
    """

    name: str
    title: str
    batch: Batch
    about: str = ""

    @property
    def packing(self) -> str:
        """The media type of what it is packed with; empty if it is not."""
        return next((media_type for ending, media_type in PACKED.items() if self.name.endswith(ending)), "")

    @property
    def media_type(self) -> str:
        """The media type of what is in it."""
        bare = self.name.removesuffix(".gz").removesuffix(".zst")
        return next((kind for ending, kind in MEDIA_TYPES.items() if bare.endswith(ending)), "text/plain")


class Offers:
    """The files of one release.

    Raises
    ------
    NotFoundError
        It has no segments: it is of a plain folder, or on a server elsewhere.
    """

    def __init__(self, release: Published) -> None:
        if not isinstance(release, Release) or not release.manifest.segments:
            raise NotFoundError(
                "there are no dumps and no statistics here, since this graph is not kept in segments: take its graphs"
                " by the Graph Store Protocol or with CONSTRUCT"
            )
        self.release = release
        self.shelf = Shelf(release)

    @cached_property
    def counting(self) -> Batch:
        """The batch of the statistics, which is no offer itself: others are made by it."""
        code = assets.code_digest("export/columns.py", "export/counting.py", "export/statistics.py")
        return Batch("statistics", (_COUNTS,), key_of(self.release, None, code), _count)

    def statistics(self) -> Statistics | None:
        """What has been counted; None before that."""
        file = self.shelf.find(self.counting, _COUNTS)
        return Statistics.from_json(file.path.read_text("utf-8")) if file else None

    @cached_property
    def all(self) -> dict[str, Offer]:
        """All files by name, in the order in which people look for them; those by class once it is counted."""
        return {offer.name: offer for offer in self._all()}

    def batch(self, name: str) -> Batch:
        """The batch of this name. Raises KeyError if there is none."""
        return {batch.name: batch for batch in self.batches()}[name]

    def batches(self) -> list[Batch]:
        """All batches, in the order in which they are to be made."""
        return [self.counting, *{offer.batch.name: offer.batch for offer in self.all.values()}.values()]

    def make_all(self) -> Offers:
        """Make all files that are not there; what is known of once things are counted is in what this gives."""
        self.shelf.get(self.counting)
        offers = Offers(self.release)
        for batch in offers.batches():
            offers.shelf.get(batch)
        return offers

    def find(self, name: str) -> Offer:
        """The file of this name.

        Raises
        ------
        NotFoundError
            There is none.
        """
        if offer := self.all.get(name):
            return offer
        raise NotFoundError(
            f"release {self.release.id} offers no file {name}: see kg export --list, or /dumps/ of a service"
        )

    def _all(self) -> Iterator[Offer]:
        yield from self._whole()
        yield from self._graphs()
        yield from self._tables()
        yield from self._frames()
        citation = Batch("citation", (CITATION,), key_of(self.release, None, self.release.id), _cite)
        yield Offer(CITATION, "How to cite the release", citation)

    def _whole(self) -> Iterator[Offer]:
        code = assets.code_digest("export/dumps.py", "export/rdf.py")
        for ending, title, format in (
            ("nq", "All graphs, canonical N-Quads", "nquads"),
            ("trig", "All graphs, TriG", "trig"),
        ):
            names = {f"all.{ending}": "", f"all.{ending}.gz": ", gzip", f"all.{ending}.zst": ", Zstandard"}
            make = dumps.Whole(f"all.{ending}", format)
            batch = Batch(ending, tuple(names), key_of(self.release, None, code), make)
            for name, packed in names.items():
                yield Offer(name, f"{title}{packed}", batch)

    def _tables(self) -> Iterator[Offer]:
        if (counted := self.statistics()) is None:
            return
        code = assets.code_digest(*(f"export/{name}.py" for name in _TABLE_CODE))
        files = tables.files(counted)
        batch = Batch("tables", tuple(files), key_of(self.release, None, code), tables.Tables(counted))
        for name, (of, kind) in files.items():
            title = f"Things of class {shortened(of)}, {_TABLE_KINDS[kind]}" if of else _TABLE_KINDS[kind]
            yield Offer(name, title, batch, about=of)

    def _frames(self) -> Iterator[Offer]:
        if (counted := self.statistics()) is None:
            return
        code = assets.code_digest(
            *(f"export/{name}.py" for name in ("columns", "counting", "frames", "schemas", "statistics"))
        )
        files = frames.files(counted)
        batch = Batch("jsonld", tuple(files), key_of(self.release, None, code), frames.Framed(counted))
        for name, of in files.items():
            yield Offer(name, f"Things of class {shortened(of)}, framed JSON-LD", batch, about=of)

    def _graphs(self) -> Iterator[Offer]:
        code = assets.code_digest("export/dumps.py", "export/rdf.py")
        for segment, each in sorted(self.release.manifest.segments.items()):
            for graph in each.graphs:
                name = graph_file(graph)
                key = key_of(self.release, [segment], code, graph)
                batch = Batch(flat(name), (name,), key, dumps.Turtle(graph, flat(name)))
                title = self.release.manifest.sources.get(segment, {}).get("title") or graph
                yield Offer(name, f"{title}, Turtle", batch, about=graph)


def graph_file(graph: str) -> str:
    """The name of the file of a graph: readable for those of the project and its sources."""
    if (named := _READABLE.fullmatch(graph)) and not named[1].startswith("other/"):
        return f"graphs/{named[1]}.ttl"
    return f"graphs/other/{iris.short_hash(graph)}.ttl"


def _count(release: Release, folder: Path) -> None:
    counted = counting.count(columns.frames(release), iris.BASE)
    (folder / _COUNTS).write_text(counted.to_json(), encoding="utf-8")


def _cite(release: Release, folder: Path) -> None:
    (folder / CITATION).write_text(naming.citation_file(release.manifest), encoding="utf-8")


def sizes(offers: Offers) -> Mapping[str, tuple[int, str]]:
    """Size in bytes and SHA-256 of those files that have been made, by name."""
    made = {name: offers.shelf.find(offer.batch, name) for name, offer in offers.all.items()}
    return {name: (file.size, file.sha256) for name, file in made.items() if file}


def sums(offers: Offers) -> str:
    """The checksums of those files, as ``sha256sum --check`` reads them."""
    return "".join(f"{digest}  {name}\n" for name, (_, digest) in sorted(sizes(offers).items()))
