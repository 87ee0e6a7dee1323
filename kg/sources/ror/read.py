"""From ROR's records, of both schemas and of the tables of January 2022, to tables of organizations.

A record replaces every earlier one of its organization: the tables of 2022, then what was only ever published in schema
1, then schema 2, last the releases in their order, whichever schema each record has. A data dump is the registry at its
release: it comes after the releases up to that one and before later ones, after all of them if it does not say which it
is. So a file of releases that grows gives what the newest records give. All by whole columns. Names make a table for
each language, since CSV on the Web gives a column one language.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from kg.sources.ror import files, records
from kg.sources.ror.places import areas, home
from kg.sources.ror.records import ANOTHER, Taken

MORE = "␟"
"""Between the values of one cell."""

_FIRST, _SECOND, _RELEASES = (
    "ror_v1schema_latest.jsonl.gz",
    "ror_v2schema_latest.jsonl.gz",
    "ror_updates_v2schema.jsonl.gz",
)
_WIKIDATA = r"^\s*(?:https?://www\.wikidata\.org/(?:wiki|entity)/)?(Q[0-9]+)\s*$"
_UP_TO_DUMP, _DUMP, _LATER = 3, 4, 6
_RECORD = ("key", "order", "row")


def read(downloaded: Path, tables: Path) -> None:
    """Write organizations, their places, names, identifiers and relations, each from the newest record."""
    found = list(_all(downloaded))
    newest = pl.concat(taken.records for taken in found).sort("order", "row", maintain_order=True)
    newest = newest.unique("key", keep="last", maintain_order=True)
    valid = newest.select(_RECORD)
    names, links = (
        pl.concat(frames).join(valid, on=_RECORD)
        for frames in ([taken.names for taken in found], [taken.links for taken in found])
    )
    organizations = newest.with_columns(area=home())
    organizations.select("key", "established", "status", "area", "document", "row").write_csv(
        tables / "organizations.csv"
    )
    areas(newest).write_csv(tables / "areas.csv")
    newest.select("key", "type").explode("type").drop_nulls().write_csv(tables / "types.csv")
    files_of_names = _files_of_names(tables)
    for language, rows in _by_language(names, files_of_names.keys()).items():
        rows.write_csv(tables / files_of_names[language])
    _related(links).write_csv(tables / "relations.csv")


def _all(downloaded: Path) -> Iterator[Taken]:
    """All records that there are, each with its document and the ``order`` in which documents replace one another."""
    yield from _told(records.of_tables(downloaded), "ror-baseline", 0)
    for order, name, document in ((1, _FIRST, "ror-schema-1"), (2, _SECOND, "ror-schema-2")):
        if (downloaded / name).is_file():
            yield from _told(records.of_file(downloaded / name), document, order)
    dumps = sorted((path for path in downloaded.iterdir() if "ror-data" in path.name), key=_age)
    if (downloaded / _RELEASES).is_file():
        for taken in _told(records.of_file(downloaded / _RELEASES, within="record"), "ror-releases", _UP_TO_DUMP):
            yield _placed(taken, files.release(dumps[-1])) if dumps else taken
    for order, dump in enumerate(dumps, _DUMP):
        yield from _told(records.of_dump(dump), "ror-dump" if dump.suffix == ".zip" else "ror-dump-json", order)


def _age(dump: Path) -> tuple[bool, tuple[int, ...], str]:
    """To sort dumps by release, those that do not say which they are last."""
    release = files.release(dump)
    return not release, release, dump.name


def _told(found: list[Taken], document: str, order: int) -> Iterator[Taken]:
    place = pl.lit(order, pl.Int64).alias("order")
    for taken in found:
        yield Taken(
            taken.records.with_columns(place, document=pl.lit(document)),
            taken.names.with_columns(place),
            taken.links.with_columns(place),
        )


def _placed(taken: Taken, last: tuple[int, ...]) -> Taken:
    """Records of releases after the last dump's behind it, none if that does not say which it is."""
    names = taken.records["release"].drop_nulls().unique()
    later = [name for name in names if last and files.version(name) > last]
    is_later = taken.records.filter(pl.col("release").is_in(later)).select("row", after=pl.lit(_LATER, pl.Int64))

    def moved(frame: pl.DataFrame) -> pl.DataFrame:
        joined = frame.join(is_later, on="row", how="left", maintain_order="left")
        return joined.with_columns(order=pl.coalesce("after", "order")).drop("after")

    return replace(taken, records=moved(taken.records), names=moved(taken.names), links=moved(taken.links))


def _files_of_names(tables: Path) -> dict[str, str]:
    """The file of each language that the metadata has a table for; that of names without one under ``""``."""
    group = json.loads((tables / "csv-metadata.json").read_text("utf-8"))
    named = [table for table in group["tables"] if table["tableSchema"] == "names.json"]
    return {table.get("lang", ""): table["url"] for table in named}


def _by_language(names: pl.DataFrame, languages: Collection[str]) -> dict[str, pl.DataFrame]:
    """For each language a row an organization: one label, and other names; a language that is unknown is none."""
    lang = pl.when(pl.col("lang").is_in(languages)).then("lang").otherwise(pl.lit(""))
    known = names.with_columns(lang=lang).sort("key", "best", maintain_order=True)
    known = known.unique(["key", "name", "lang"], keep="first", maintain_order=True)
    is_label = pl.col("best") < ANOTHER
    is_label &= pl.int_range(pl.len()).over("key", "lang") == 0
    rows = known.with_columns(is_label=is_label).group_by("key", "lang", maintain_order=True).agg(
        label=pl.col("name").filter("is_label").first(),
        also=pl.col("name").filter(~pl.col("is_label")).str.join(MORE),
    )  # fmt: skip
    return {language: rows.filter(pl.col("lang") == language).drop("lang") for language in languages}


def _related(links: pl.DataFrame) -> pl.DataFrame:
    """Identifiers and relations, one a row, in a column for each kind.

    What stands under Wikidata and is no number of it, as older records have it, is an identifier as any other.
    """
    turned = {"child": "parent", "predecessor": "successor"}
    is_turned = pl.col("kind").is_in(list(turned))
    item = pl.col("other").str.extract(_WIKIDATA)
    is_wrong = (pl.col("kind") == "wikidata") & item.is_null()
    links = links.with_columns(
        kind=pl.when(is_wrong).then(pl.lit("other")).otherwise("kind"),
        other=pl.when(pl.col("kind") == "wikidata").then(pl.coalesce(item, "other")).otherwise("other"),
    )
    links = links.select(
        key=pl.when(is_turned).then("other").otherwise("key"),
        kind=pl.col("kind").replace(turned),
        other=pl.when(is_turned).then("key").otherwise("other"),
    )
    named = ("parent", "related", "successor", "wikidata")
    one = [pl.when(pl.col("kind") == name).then("other").alias(name) for name in named]
    rest = pl.when(~pl.col("kind").is_in(named)).then("other").alias("identifier")
    return links.select("key", *one, rest).unique(maintain_order=True)
