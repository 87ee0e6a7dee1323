"""The areas that organizations lie in: a city by its number at GeoNames, the region around it, the country.

An organization leads to the smallest that its record names, and each area to the one around it, so that a question
about a country follows ``tt:homeArea/tt:withinArea*``. Records differ in what they say of one city; what most of them
say counts, and of two said as often the first in the order of letters, so that the order of records changes nothing. A
region known by ISO 3166-2 comes before one of GeoNames, since that is what areas are called by elsewhere.
"""

from __future__ import annotations

import csv

import polars as pl

from kg import assets

_CITY = "geonames-"
_COUNTRY, _REGION = r"^[A-Z]{2}$", r"^([A-Z]{2}-[A-Z0-9]{1,3}|geonames-[0-9]+)$"


def home() -> pl.Expr:
    """The key of the smallest area of an organization, of the columns `records.PLACES`."""
    return pl.coalesce(pl.lit(_CITY) + pl.col("city"), "country")


def areas(records: pl.DataFrame) -> pl.DataFrame:
    """Cities and regions of some records, one a row: ``key``, ``label``, ``within``, and ``same`` of GeoNames.

    Those that the project's own table of areas describes are left out, since a thing is described in one place.
    """
    region = pl.when(pl.col("region").str.contains(_REGION)).then("region")
    country = pl.when(pl.col("country").str.contains(_COUNTRY)).then("country")
    known = records.drop_nulls("city").with_columns(region=region, country=country, city=pl.lit(_CITY) + pl.col("city"))
    is_own = pl.col("region").str.starts_with(_CITY).cast(pl.Int8)  # after what has a code
    around = _most(known.with_columns(rank=is_own), "city", "region").rename({"value": "region"})
    cities = _most(known, "city", "city_name").rename({"key": "city", "value": "label"})
    cities = cities.join(around.rename({"key": "city"}), on="city", how="left")
    cities = cities.join(
        _most(known, "city", "country").rename({"key": "city", "value": "country"}), on="city", how="left"
    )
    used = known.join(cities.select("city", "region"), on=["city", "region"])
    regions = _most(used, "region", "region_name").rename({"value": "label"})
    regions = regions.join(
        _most(used, "region", "country").rename({"key": "key", "value": "within"}), on="key", how="left"
    )
    # A number of GeoNames may be city here and region there; as a region it lies in the country, so nothing in itself.
    within = pl.when(pl.col("city") != pl.col("region")).then("region")
    cities = cities.select(key="city", label="label", within=pl.coalesce(within, "country"))
    every = pl.concat([regions.select("key", "label", "within"), cities]).unique(
        "key", keep="first", maintain_order=True
    )
    described = [row["key"] for row in _described()]
    number = pl.when(pl.col("key").str.starts_with(_CITY)).then(pl.col("key").str.strip_prefix(_CITY))
    return every.filter(~pl.col("key").is_in(described)).with_columns(same=number).sort("key")


def _most(records: pl.DataFrame, key: str, value: str) -> pl.DataFrame:
    """For each key the value that most records have, those of a lower ``rank`` first."""
    rank = "rank" if "rank" in records.columns else pl.lit(0).alias("rank")
    rows = records.select(rank, key=key, value=value).drop_nulls()
    counted = (
        rows.group_by("key", "value", "rank")
        .len()
        .sort("key", "rank", "len", "value", descending=[False, False, True, False])
    )
    return counted.unique("key", keep="first", maintain_order=True).select("key", "value")


def _described() -> list[dict[str, str]]:
    table = assets.bundled_sources() / "registry" / "tables" / "areas.csv"
    with table.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
