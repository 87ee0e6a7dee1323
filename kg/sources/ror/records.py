"""ROR's records in columns, the same whichever layout they came in: schema 2, schema 1, or the tables of January 2022.

Goes out, of some records: what each organization is and where, its names, and its links to others. In schema 1 a name
has no language and a label has one; the tables have neither languages, relations nor places.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kg.sources.ror import files
from kg.sources.ror.files import Schema

ANOTHER = 2
"""Of the ranks of names: neither the one to show (0) nor a label (1)."""

PLACES = ("country", "city", "city_name", "region", "region_name")
"""Code of the country; number of the city at GeoNames; the region by ISO 3166-2, or ``geonames-`` and number."""

_TEXT, _TEXTS = pl.String, pl.List(pl.String)
_RELATIONS = pl.List(pl.Struct({"type": _TEXT, "id": _TEXT}))
_DETAILS = pl.Struct(
    dict.fromkeys(("name", "country_code", "country_subdivision_code", "country_subdivision_name"), _TEXT)
)
_SCHEMES = ("ISNI", "Wikidata", "FundRef", "OrgRef", "CNRS", "HESA", "UKPRN", "UCAS")
_SCHEMAS: dict[int, Schema] = {
    2: {
        "id": _TEXT,
        "established": pl.Int64,
        "status": _TEXT,
        "types": _TEXTS,
        "names": pl.List(pl.Struct({"lang": _TEXT, "types": _TEXTS, "value": _TEXT})),
        "relationships": _RELATIONS,
        "external_ids": pl.List(pl.Struct({"type": _TEXT, "all": _TEXTS})),
        "locations": pl.List(pl.Struct({"geonames_id": pl.Int64, "geonames_details": _DETAILS})),
    },
    1: {
        "id": _TEXT,
        "name": _TEXT,
        "established": pl.Int64,
        "status": _TEXT,
        "types": _TEXTS,
        "aliases": _TEXTS,
        "acronyms": _TEXTS,
        "labels": pl.List(pl.Struct({"label": _TEXT, "iso639": _TEXT})),
        "relationships": _RELATIONS,
        "country": pl.Struct({"country_code": _TEXT}),
        "addresses": pl.List(pl.Struct({"geonames_city": pl.Struct(
            {"id": pl.Int64, "city": _TEXT, "geonames_admin1": pl.Struct({"id": pl.Int64, "name": _TEXT})}
        )})),
        "external_ids": pl.Struct(
            {"GRID": pl.Struct({"all": _TEXT})} | {name: pl.Struct({"all": _TEXTS}) for name in _SCHEMES}
        ),
    },
}  # fmt: skip
_TYPES = {
    "education": "university",
    "healthcare": "hospital",
    **{name: name for name in ("funder", "facility", "company", "nonprofit", "government", "archive")},
}
_LINK: Schema = {"key": _TEXT, "row": pl.Int64, "kind": _TEXT, "other": _TEXT}
_NONE = pl.lit(None, _TEXT)
_ROR = "https://ror.org/"


@dataclass(frozen=True)
class Taken:
    """Of some records: what each organization is, its names (``best`` 0 to show, 1 a label, `ANOTHER`), its links.

    All three have ``key`` and ``row``, which tell two records of one organization apart.
    """

    records: pl.DataFrame
    names: pl.DataFrame
    links: pl.DataFrame


def of_file(path: Path, *, within: str = "") -> list[Taken]:
    """The records of a file of JSON lines, each a record or an object that has it in the member ``within``.

    With ``within``, ``records`` has a column ``release``. Errors as `files.frames`.
    """
    return _taken(files.lines(path), path.name, within)


def of_dump(path: Path) -> list[Taken]:
    """The records of a data dump of ROR's; errors as `files.dump`."""
    return _taken(files.dump(path), path.name, "")


def _taken(records: Iterable[files.Record], name: str, within: str) -> list[Taken]:
    read = {1: _first, 2: _second}
    return [read[number](_keyed(frame)) for number, frame in files.frames(records, _SCHEMAS, name, within=within)]


def of_tables(folder: Path) -> list[Taken]:
    """The records of the tables of January 2022, the organizations' own and those of types, names and identifiers."""
    path = folder / "ror_orgs.csv.gz"
    if not path.is_file():
        return []
    types = _pairs(folder / "ror_types.csv.gz", "types").group_by("id").agg("types")
    columns = ["id", "name", "status", "established", "country_code"]
    orgs = pl.read_csv(path, columns=columns, infer_schema=False).with_columns(pl.col("established").cast(pl.Int64))
    frame = _keyed(orgs.with_row_index("row", 2).join(types, on="id", how="left", maintain_order="left"))
    names = [frame.select("key", "row", "name", lang=_NONE, best=pl.lit(0))]
    place = frame.select("id", "key", "row")
    for file, column in (("ror_aliases.csv.gz", "aliases"), ("ror_acronyms.csv.gz", "acronyms")):
        other = _pairs(folder / file, column).join(place, on="id")
        names.append(other.select("key", "row", name=column, lang=_NONE, best=pl.lit(ANOTHER)))
    links = pl.DataFrame(schema=_LINK)
    if (folder / "ror_ids.csv.gz").is_file():
        ids = pl.read_csv(folder / "ror_ids.csv.gz", infer_schema=False).join(place, on="id")
        links = ids.select("key", "row", kind=pl.col("name").str.to_lowercase(), other="value")
    nowhere = dict.fromkeys(PLACES, _NONE) | {"country": pl.col("country_code")}
    return [Taken(_records(frame, nowhere), pl.concat(names), links)]


def _second(frame: pl.DataFrame) -> Taken:
    name = frame.select("key", "row", "names").explode("names").unnest("names").drop_nulls("value")
    shown = pl.when(pl.col("types").list.contains("ror_display")).then(0)
    names = name.select(
        "key", "row", name="value", lang="lang",
        best=shown.when(pl.col("types").list.contains("label")).then(1).otherwise(ANOTHER),
    )  # fmt: skip
    ids = frame.select("key", "row", "external_ids").explode("external_ids").unnest("external_ids").explode("all")
    links = pl.concat([_relations(frame), ids.select("key", "row", kind="type", other="all").drop_nulls()])
    place = pl.col("locations").list.first()
    details = place.struct.field("geonames_details").struct
    country, code = details.field("country_code"), details.field("country_subdivision_code")
    where = {
        "country": country,
        "city": place.struct.field("geonames_id").cast(_TEXT),
        "city_name": details.field("name"),
        "region": pl.concat_str(country, pl.lit("-"), code),
        "region_name": details.field("country_subdivision_name"),
    }
    return Taken(_records(frame, where), names, links)


def _first(frame: pl.DataFrame) -> Taken:
    labels = frame.select("key", "row", "labels").explode("labels").unnest("labels").drop_nulls("label")
    names = [frame.select("key", "row", "name", lang=_NONE, best=pl.lit(0)), labels.select(
        "key", "row", name="label", lang="iso639", best=pl.lit(1)
    )]  # fmt: skip
    for column in ("aliases", "acronyms"):
        other = frame.select("key", "row", name=pl.col(column)).explode("name").drop_nulls()
        names.append(other.with_columns(lang=_NONE, best=pl.lit(ANOTHER)))
    links = [_relations(frame)]
    for scheme in ("GRID", *_SCHEMES):
        held = pl.col("external_ids").struct.field(scheme).struct.field("all")
        ids = frame.select("key", "row", kind=pl.lit(scheme.lower()), other=held)
        links.append((ids if scheme == "GRID" else ids.explode("other")).drop_nulls())
    city = pl.col("addresses").list.first().struct.field("geonames_city")
    region = city.struct.field("geonames_admin1").struct
    where = {
        "country": pl.col("country").struct.field("country_code"),
        "city": city.struct.field("id").cast(_TEXT),
        "city_name": city.struct.field("city"),
        "region": pl.lit("geonames-") + region.field("id").cast(_TEXT),
        "region_name": region.field("name"),
    }
    return Taken(_records(frame, where), pl.concat(names), pl.concat(links))


def _keyed(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("row").cast(pl.Int64), key=pl.col("id").str.strip_prefix(_ROR))


def _records(frame: pl.DataFrame, where: dict[str, pl.Expr]) -> pl.DataFrame:
    kinds = pl.col("types").list.eval(
        pl.element().str.to_lowercase().replace_strict(_TYPES, default=None, return_dtype=_TEXT).drop_nulls()
    )
    release = pl.col("release") if "release" in frame.columns else _NONE
    return frame.select(
        "key", "row", "status", established=pl.col("established").cast(_TEXT).str.zfill(4), type=kinds,
        release=release, **where,
    )  # fmt: skip


def _relations(frame: pl.DataFrame) -> pl.DataFrame:
    rows = frame.select("key", "row", "relationships").explode("relationships").unnest("relationships").drop_nulls()
    return rows.select("key", "row", kind=pl.col("type").str.to_lowercase(), other=pl.col("id").str.strip_prefix(_ROR))


def _pairs(path: Path, column: str) -> pl.DataFrame:
    if not path.is_file():
        return pl.DataFrame(schema={"id": _TEXT, column: _TEXT})
    return pl.read_csv(path, columns=["id", column], infer_schema=False)
