"""Statistics of a release, counted in one pass over its statements; no subject is in two frames of these."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

from kg.export.statistics import SEPARATORS, Class, Column, Graph, Links, Property, Statistics, space_of
from kg.vocabulary import OWL, RDF, SKOS

_LINKS = [
    *(getattr(SKOS, f"{name}Match") for name in ("exact", "close", "broad", "narrow", "related")),
    OWL.sameAs,
]
"""Predicates whose triples lead from a thing here to one elsewhere."""

_COMPACT = 4_000_000


def count(frames: Iterable[pl.DataFrame], own: str) -> Statistics:
    """The statistics of statements in frames of `kg.export.columns`.

    Parameters
    ----------
    own
        What names of things of this dataset begin with: a link to one of them leads nowhere else.

    Notes
    -----
    Memory: that of a frame, and 12 bytes for each distinct pair of property and object.
    """
    counting = _Counting(own)
    for frame in frames:
        counting.add(frame)
    return counting.result()


@dataclass
class _Counting:
    """Sums over frames; since no subject is in two of them, only objects have to be remembered."""

    own: str
    triples: int = 0
    subjects: int = 0
    properties: Counter[tuple[str, str]] = field(default_factory=Counter)
    entities: Counter[str] = field(default_factory=Counter)
    graphs: Counter[tuple[str, str]] = field(default_factory=Counter)
    members: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    links: Counter[tuple[str, str]] = field(default_factory=Counter)
    columns: list[pl.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.objects = _Objects()

    def add(self, frame: pl.DataFrame) -> None:
        """Count the statements of one frame."""
        merged = frame.filter("first")
        types = merged.filter(pl.col("predicate") == RDF.type, pl.col("kind") == "iri")
        classes = types.select("subject", pl.col("value").alias("class"))
        self.triples += merged.height
        self.subjects += merged["subject"].n_unique()
        for name, triples, subjects in merged.group_by("predicate").agg(*_size()).iter_rows():
            self.properties[name, "triples"] += triples
            self.properties[name, "subjects"] += subjects
        self.entities.update(dict(classes.group_by("class").len().iter_rows()))
        self.objects.add(merged)
        self.columns.append(_columns(merged.join(classes, on="subject")))
        self._add_graphs(frame)
        self._add_links(merged)

    def _add_graphs(self, frame: pl.DataFrame) -> None:
        for name, triples, subjects in frame.group_by("graph").agg(*_size()).iter_rows():
            self.graphs[name, "triples"] += triples
            self.graphs[name, "subjects"] += subjects
        types = frame.filter(pl.col("predicate") == RDF.type, pl.col("kind") == "iri")
        for name, kind, entities in types.group_by("graph", "value").len().iter_rows():
            self.members[name][kind] += entities

    def _add_links(self, merged: pl.DataFrame) -> None:
        leading = merged.filter(
            pl.col("predicate").is_in(_LINKS), pl.col("kind") == "iri", ~pl.col("value").str.starts_with(self.own)
        )
        spaces = leading.select("predicate", space=pl.col("value").map_elements(space_of, return_dtype=pl.String))
        for predicate, space, triples in spaces.group_by("predicate", "space").len().iter_rows():
            self.links[predicate, space] += triples

    def result(self) -> Statistics:
        """What all frames came to."""
        objects, distinct = self.objects.counts()
        names = sorted({name for name, _ in self.properties})
        return Statistics(
            self.triples,
            self.subjects,
            distinct,
            tuple(
                Property(n, self.properties[n, "triples"], self.properties[n, "subjects"], objects[n]) for n in names
            ),
            tuple(self._classes()),
            tuple(self._graphs()),
            tuple(Links(predicate, space, triples) for (predicate, space), triples in sorted(self.links.items())),
        )

    def _classes(self) -> Iterator[Class]:
        if not self.columns:
            return
        columns = _summed(self.columns)
        for name, entities in sorted(self.entities.items()):
            own = columns.filter(pl.col("class") == name).drop("class")
            properties = own.group_by("property").agg(pl.col("triples").sum()).sort("property")
            yield Class(
                name,
                entities,
                dict(properties.iter_rows()),
                tuple(Column(**row) for row in own.iter_rows(named=True)),
            )

    def _graphs(self) -> Iterator[Graph]:
        for name in sorted({name for name, _ in self.graphs}):
            classes = dict(sorted(self.members[name].items()))
            yield Graph(name, self.graphs[name, "triples"], self.graphs[name, "subjects"], classes)


def _size() -> tuple[pl.Expr, pl.Expr]:
    return pl.len().alias("triples"), pl.col("subject").n_unique().alias("subjects")


_COLUMN = ["class", "property", "kind", "language", "datatype"]


def _columns(described: pl.DataFrame) -> pl.DataFrame:
    """For statements with the classes of their subjects: what is known of each column of each class."""
    values = described.select(
        "class", "subject", pl.col("predicate").alias("property"), "kind", "language", "datatype", "value"
    )
    clean = [~pl.col("value").str.contains(mark, literal=True).any() for mark in SEPARATORS]
    each = values.group_by(*_COLUMN, "subject").agg(
        pl.len().alias("most"),
        pl.col("value").str.len_chars().min().alias("shortest"),
        pl.col("value").str.len_chars().max().alias("longest"),
        *(free.alias(mark) for mark, free in zip(SEPARATORS, clean, strict=True)),
    )
    return each.group_by(_COLUMN).agg(
        pl.col("most").sum().alias("triples"),
        pl.len().alias("subjects"),
        pl.col("most", "longest").max(),
        pl.col("shortest").min(),
        *(pl.col(mark).all() for mark in SEPARATORS),
    )


def _summed(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """The columns of all frames together."""
    free = [pl.when(mark).then(pl.lit(mark)).otherwise(pl.lit("")) for mark in SEPARATORS]
    return (
        pl.concat(parts)
        .group_by(_COLUMN)
        .agg(
            pl.col("triples", "subjects").sum(),
            pl.col("most", "longest").max(),
            pl.col("shortest").min(),
            *(pl.col(mark).all() for mark in SEPARATORS),
        )
        .with_columns(pl.col("kind").cast(pl.String), separators=pl.concat_str(free))
        .drop(list(SEPARATORS))
        .sort(_COLUMN)
    )


class _Objects:
    """Distinct objects of each property, as hashes."""

    def __init__(self) -> None:
        self._parts: list[pl.DataFrame] = []
        self._rows = 0
        self._names: dict[str, int] = {}

    def add(self, merged: pl.DataFrame) -> None:
        """Remember the objects of some statements."""
        for name in merged["predicate"].unique():
            self._names.setdefault(name, len(self._names))
        term = pl.struct("kind", "value", "language", "datatype").hash(seed=1)
        number = pl.col("predicate").replace_strict(self._names, return_dtype=pl.UInt32)
        self._parts.append(merged.select(number.alias("property"), term.alias("object")).unique())
        self._rows += self._parts[-1].height
        if self._rows > _COMPACT:
            self._compact()

    def _compact(self) -> None:
        self._parts = [pl.concat(self._parts).unique()] if self._parts else []
        self._rows = -sum(part.height for part in self._parts)  # let it double before it is looked at again

    def counts(self) -> tuple[dict[str, int], int]:
        """How many there are by property, and of all."""
        self._compact()
        if not self._parts:
            return {}, 0
        (all_,) = self._parts
        numbers = dict(all_.group_by("property").len().iter_rows())
        return {name: numbers[number] for name, number in self._names.items()}, all_["object"].n_unique()
