"""From ROR's records, of both schemas and of the tables of January 2022, to tables of organizations.

A record replaces every earlier one of its organization: the tables of 2022, then what was only ever published in schema
1, then schema 2, last the releases in their order. So a file of releases that grows gives what the newest records give.
All by whole columns. Names make a table for each language, since CSV on the Web gives a column one language.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Collection
from pathlib import Path

import polars as pl

MORE = "␟"
"""Between the values of one cell."""

Schema = dict[str, pl.DataType | type[pl.DataType]]
_TEXT, _TEXTS = pl.String, pl.List(pl.String)
_VERSION_2: Schema = {
    "id": _TEXT,
    "established": pl.Int64,
    "status": _TEXT,
    "types": _TEXTS,
    "names": pl.List(pl.Struct({"lang": _TEXT, "types": _TEXTS, "value": _TEXT})),
    "relationships": pl.List(pl.Struct({"type": _TEXT, "id": _TEXT})),
    "external_ids": pl.List(pl.Struct({"type": _TEXT, "all": _TEXTS})),
    "locations": pl.List(pl.Struct({"geonames_details": pl.Struct({"country_code": _TEXT})})),
}
_VERSION_1: Schema = {
    "id": _TEXT,
    "name": _TEXT,
    "established": pl.Int64,
    "status": _TEXT,
    "types": _TEXTS,
    "aliases": _TEXTS,
    "acronyms": _TEXTS,
    "labels": pl.List(pl.Struct({"label": _TEXT, "iso639": _TEXT})),
    "relationships": pl.List(pl.Struct({"type": _TEXT, "id": _TEXT})),
    "country": pl.Struct({"country_code": _TEXT}),
}
_TYPES = {
    "education": "university",
    "healthcare": "hospital",
    **{name: name for name in ("funder", "facility", "company", "nonprofit", "government", "archive")},
}
_RECORDS = ("key", "established", "status", "area", "document", "row")
_ANOTHER = 2
_LINKS = {"key": _TEXT, "kind": _TEXT, "other": _TEXT}

Taken = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]
"""Of some records: records, names (``best`` 0 the one to show, 1 a label, `_ANOTHER`), links to others."""


def read(downloaded: Path, tables: Path) -> None:
    """Write organizations, their names, identifiers and relations, each from the newest record."""
    sources = [
        _baseline(downloaded),
        _first(downloaded / "ror_v1schema_latest.jsonl.gz", "ror-schema-1"),
        _second(downloaded / "ror_v2schema_latest.jsonl.gz", "ror-schema-2"),
        _second(downloaded / "ror_updates_v2schema.jsonl.gz", "ror-releases", within="record"),
    ]
    frames = [
        [frame.with_columns(order=pl.lit(place)) for frame in taken] for place, taken in enumerate(sources) if taken
    ]
    records, names, links = (pl.concat(frame[kind] for frame in frames) for kind in range(3))
    newest = records.unique("key", keep="last", maintain_order=True)
    valid = newest.select("key", "order", "record")
    newest.select(_RECORDS).write_csv(tables / "organizations.csv")
    newest.select("key", "type").explode("type").drop_nulls().write_csv(tables / "types.csv")
    files = _files_of_names(tables)
    for language, rows in _by_language(names.join(valid, on=valid.columns), files.keys()).items():
        rows.write_csv(tables / files[language])
    _related(links.join(valid, on=valid.columns)).write_csv(tables / "relations.csv")


def _second(path: Path, document: str, *, within: str = "") -> Taken | None:
    """Records of schema 2, one a line, or the member ``within`` of each line."""
    if not path.is_file():
        return None
    schema: Schema = {within: pl.Struct(_VERSION_2)} if within else _VERSION_2
    frame = _lines(path, schema)
    frame = _keyed(frame.unnest(within) if within else frame, document)
    country = pl.col("locations").list.first().struct.field("geonames_details").struct.field("country_code")
    name = frame.select("key", "record", "names").explode("names").unnest("names").drop_nulls("value")
    shown = pl.when(pl.col("types").list.contains("ror_display")).then(0)
    names = name.select(
        "key", "record", name="value", lang="lang",
        best=shown.when(pl.col("types").list.contains("label")).then(1).otherwise(_ANOTHER),
    )  # fmt: skip
    ids = frame.select("key", "record", "external_ids").explode("external_ids").unnest("external_ids").explode("all")
    links = pl.concat([_relations(frame), ids.select("key", "record", kind="type", other="all").drop_nulls()])
    return _records(frame, country), names, links


def _first(path: Path, document: str) -> Taken | None:
    """Records of schema 1, one a line; a name has no language there, a label has one."""
    if not path.is_file():
        return None
    frame = _keyed(_lines(path, _VERSION_1), document)
    labels = frame.select("key", "record", "labels").explode("labels").unnest("labels").drop_nulls("label")
    none = pl.lit(None, _TEXT)
    names = [frame.select("key", "record", "name", lang=none, best=pl.lit(0)), labels.select(
        "key", "record", name="label", lang="iso639", best=pl.lit(1)
    )]  # fmt: skip
    for column in ("aliases", "acronyms"):
        other = frame.select("key", "record", name=pl.col(column)).explode("name").drop_nulls()
        names.append(other.with_columns(lang=none, best=pl.lit(_ANOTHER)))
    return _records(frame, pl.col("country").struct.field("country_code")), pl.concat(names), _relations(frame)


def _baseline(downloaded: Path) -> Taken | None:
    """The tables of January 2022, which have neither relations nor languages."""
    path = downloaded / "ror_orgs.csv.gz"
    if not path.is_file():
        return None
    types = _pairs(downloaded / "ror_types.csv.gz", "types").group_by("id").agg("types")
    columns = ["id", "name", "status", "established", "country_code"]
    frame = pl.read_csv(path, columns=columns, infer_schema=False).join(
        types, on="id", how="left", maintain_order="left"
    )
    frame = _keyed(frame.with_columns(pl.col("established").cast(pl.Int64)), "ror-baseline", first=2)
    none = pl.lit(None, _TEXT)
    names = [frame.select("key", "record", "name", lang=none, best=pl.lit(0))]
    place = frame.select("id", "key", "record")
    for file, column in (("ror_aliases.csv.gz", "aliases"), ("ror_acronyms.csv.gz", "acronyms")):
        other = _pairs(downloaded / file, column).join(place, on="id")
        names.append(other.select("key", "record", name=column, lang=none, best=pl.lit(_ANOTHER)))
    links = pl.DataFrame(schema=_LINKS).with_columns(record=pl.lit(0, pl.Int64))
    if (downloaded / "ror_ids.csv.gz").is_file():
        ids = pl.read_csv(downloaded / "ror_ids.csv.gz", infer_schema=False).join(place, on="id")
        links = ids.select("key", "record", kind=pl.col("name").str.to_lowercase(), other="value")
    return _records(frame, pl.col("country_code")), pl.concat(names), links.select("key", "record", "kind", "other")


def _pairs(path: Path, column: str) -> pl.DataFrame:
    if not path.is_file():
        return pl.DataFrame(schema={"id": _TEXT, column: _TEXT})
    return pl.read_csv(path, columns=["id", column], infer_schema=False)


def _lines(path: Path, schema: Schema) -> pl.DataFrame:
    with gzip.open(path) as stream:
        return pl.read_ndjson(io.BytesIO(stream.read()), schema=schema)


def _keyed(frame: pl.DataFrame, document: str, *, first: int = 1) -> pl.DataFrame:
    """With the key of each organization, and the row that it stands in; ``record`` tells two records of one apart."""
    row = pl.int_range(first, frame.height + first, dtype=pl.Int64)
    key = pl.col("id").str.strip_prefix("https://ror.org/")
    return frame.with_columns(key=key, document=pl.lit(document), row=row, record=row)


def _records(frame: pl.DataFrame, country: pl.Expr) -> pl.DataFrame:
    kinds = pl.col("types").list.eval(
        pl.element().str.to_lowercase().replace_strict(_TYPES, default=None, return_dtype=_TEXT).drop_nulls()
    )
    return frame.select(
        "key", pl.col("established").cast(_TEXT).str.zfill(4), "status", area=country, type=kinds,
        document="document", row="row", record="record",
    )  # fmt: skip


def _relations(frame: pl.DataFrame) -> pl.DataFrame:
    """Who is related to whom; that a child has a parent and a successor a predecessor is said from one side only."""
    rows = frame.select("key", "record", "relationships").explode("relationships").unnest("relationships").drop_nulls()
    return rows.select(
        "key", "record", kind=pl.col("type").str.to_lowercase(), other=pl.col("id").str.strip_prefix("https://ror.org/")
    )


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
    is_label = pl.col("best") < _ANOTHER
    is_label &= pl.int_range(pl.len()).over("key", "lang") == 0
    rows = known.with_columns(is_label=is_label).group_by("key", "lang", maintain_order=True).agg(
        label=pl.col("name").filter("is_label").first(),
        also=pl.col("name").filter(~pl.col("is_label")).str.join(MORE),
    )  # fmt: skip
    return {language: rows.filter(pl.col("lang") == language).drop("lang") for language in languages}


def _related(links: pl.DataFrame) -> pl.DataFrame:
    """Identifiers and relations, one a row, in a column for each kind."""
    turned = {"child": "parent", "predecessor": "successor"}
    is_turned = pl.col("kind").is_in(list(turned))
    links = links.select(
        key=pl.when(is_turned).then("other").otherwise("key"),
        kind=pl.col("kind").replace(turned),
        other=pl.when(is_turned).then("key").otherwise("other"),
    )
    named = ("parent", "related", "successor", "wikidata")
    one = [pl.when(pl.col("kind") == name).then("other").alias(name) for name in named]
    rest = pl.when(~pl.col("kind").is_in(named)).then("other").alias("identifier")
    return links.select("key", *one, rest).unique(maintain_order=True)
