"""The rows that a network is projected from: asked of a store, or read from a release's segments, and kept beside it.

Rows are one a record, so that weights, spans of time and sides can be chosen without asking again. They are kept as a
Parquet file on the release's shelf, named by the query as it was asked and the segments that it was asked of: another
release with the same segments links it, a changed query makes its own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from kg.analysis import definitions, identity, links
from kg.analysis.definitions import NEEDED, Definition
from kg.errors import NetworkError, NetworkTooLargeError
from kg.store.base import Store, text_of
from kg.store.manifest import content_of
from kg.store.release import Release
from kg.store.shelf import Batch, Shelf, flat, key_of, stated

MOST_ROWS = 20_000_000
"""Rows of a query beyond which it is ended."""

_BATCH = 100_000
_CODE = "2"
"""To be raised when the same query gives other rows than before."""
_LONGEST = 100
_DAY = 10
_MONTH = 7


@dataclass(frozen=True)
class Place:
    """What a network is projected from: a store, and the release that it is of where there is one."""

    store: Store
    release: Release | None = None

    @property
    def name(self) -> str:
        """The id of the release; empty where there is none."""
        return self.release.id if self.release else ""

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of the release's segments; empty where there are none."""
        return digest_of(self.release)


def digest_of(release: Release | None) -> str:
    """SHA-256 over the digests of a release's segments; empty where there are none."""
    if release is None or release.manifest.plain:
        return ""
    return hashlib.sha256(content_of(release.manifest.segments).encode()).hexdigest()


def rows(place: Place, definition: Definition, values: Mapping[str, str], *, most: int = MOST_ROWS) -> pl.DataFrame:
    """The rows of a definition, for values of its query's parameters.

    Returns
    -------
    A frame with the query's columns as texts; ``first`` and ``last`` as Date, ``weight`` as Float64, ``records`` as
    UInt32. Sorted by the columns that the form needs. An organization stands under its preferred name
    (`kg.analysis.identity`).

    Raises
    ------
    ParameterError
        As for `kg.queries.NamedQuery.bind`.
    NetworkError
        A row lacks an actor, an event or an end, or holds a day or a number that is none.
    NetworkTooLargeError
        There are more rows than are allowed.
    """
    text = definition.query.bind(values)
    if place.release is None or not place.digest:
        return _typed(identity.followed(_asked(place.store, definition, text, most), place.store), definition)
    stem = re.sub(r"[^\w.-]", "_", definition.name, flags=re.ASCII)[-_LONGEST:]
    name = f"networks/{stem}.parquet"
    # a query may look at the graph about graphs, lines of records cannot
    read = stated(place.release) if definition.links else None
    key = key_of(place.release, read, _CODE, text, repr(definition.links), definition.records)

    def make(release: Release, folder: Path) -> None:
        found = _read(release, definition, values)
        made = _asked(place.store, definition, text, most) if found is None else found
        _typed(identity.followed(made, place.store), definition).write_parquet(folder / flat(name), compression="lz4")

    batch = Batch(f"network-{stem}", (name,), key, make)
    return pl.read_parquet(Shelf(place.release).get(batch)[name].path)


def prepare(release: Release) -> None:
    """Keep the rows of those networks of ours that registers fill, as soon as a release is there.

    Cost: 6 CPU s for 466,882 contracts, hardly any without a register. Errors as for `rows`.
    """
    with release.open() as store:
        for definition in definitions.load().values():
            if definition.links:
                rows(Place(store, release), definition, {})


def _read(release: Release, definition: Definition, values: Mapping[str, str]) -> pl.DataFrame | None:
    """The rows by columns; None where the query has parameters of its own, which only it understands."""
    if definition.links is None or values:
        return None
    return links.rows(release, definition.links, tuple(column.name for column in definition.query.columns))


def _asked(store: Store, definition: Definition, text: str, most: int) -> pl.DataFrame:
    """The rows by SPARQL, as texts."""
    names = [column.name for column in definition.query.columns]
    schema = dict.fromkeys(names, pl.String)
    solutions = store.select(text)
    frames, number = [pl.DataFrame(schema=schema)], 0
    for batch in _batches(tuple(text_of(row.get(name)) or None for name in names) for row in solutions):
        number += len(batch)
        if number > most:
            raise NetworkTooLargeError(
                f"{definition.name} has more than {most:,} rows; choose fewer by a parameter of its query"
            )
        frames.append(pl.DataFrame(batch, schema=schema, orient="row"))
    return pl.concat(frames)


def _batches(solutions: Iterator[tuple[str | None, ...]]) -> Iterator[list[tuple[str | None, ...]]]:
    while batch := list(islice(solutions, _BATCH)):
        yield batch


def _typed(found: pl.DataFrame, definition: Definition) -> pl.DataFrame:
    if definition.records != "records":
        found = found.rename({definition.records: "records"})
    needed = NEEDED[definition.form]
    for name in needed:
        if (missing := found[name].is_null()).any():
            raise NetworkError(f"{definition.name}: row {_first(missing)} has no {name}: {_shown(found, missing)}")
    typed = found
    if "first" in found.columns:
        typed = typed.with_columns(_day(found, "first", definition))
    if "last" in found.columns:
        typed = typed.with_columns(_day(found, "last", definition))
    for name, kind in (("weight", pl.Float64()), ("records", pl.UInt32())):
        if name in found.columns:
            typed = typed.with_columns(_number(found, name, kind, definition))
    return typed.sort(needed)


def _day(found: pl.DataFrame, name: str, definition: Definition) -> pl.Series:
    """Days of texts that tell a day, a month or a year: its first or its last day."""
    text = pl.col(name)
    length = text.str.len_chars()
    whole = (
        pl.when(length < _MONTH)
        .then(text + ("-01-01" if name == "first" else "-12-31"))
        .when(length < _DAY)
        .then(text + "-01")
        .otherwise(text.str.head(_DAY))
    ).str.to_date("%Y-%m-%d", strict=False)
    if name == "last":
        whole = pl.when(length.is_between(_MONTH, _DAY - 1)).then(whole.dt.month_end()).otherwise(whole)
    days = found.select(whole.alias(name)).to_series()
    if (wrong := days.is_null() & found[name].is_not_null()).any():
        raise NetworkError(f"{definition.name}: row {_first(wrong)}: {name} is no day: {_shown(found, wrong)}")
    return days


def _number(found: pl.DataFrame, name: str, kind: pl.DataType, definition: Definition) -> pl.Series:
    numbers = found[name].cast(kind, strict=False)
    if (wrong := numbers.is_null()).any():
        what = "is missing" if found[name][_first(wrong) - 1] is None else "is no number that is allowed there"
        raise NetworkError(f"{definition.name}: row {_first(wrong)}: {name} {what}: {_shown(found, wrong)}")
    return numbers


def _first(wrong: pl.Series) -> int:
    return int(wrong.arg_max() or 0) + 1


def _shown(found: pl.DataFrame, wrong: pl.Series) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in found.row(_first(wrong) - 1, named=True).items())
