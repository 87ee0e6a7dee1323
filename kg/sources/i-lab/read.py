"""From the list of laureates of i-Lab to collaborations of companies with the research that they come out of.

What metadata alone cannot do: a company has a number and no name in 814 rows, or several names in several years, and a
cell may name several research bodies.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from kg.sources import statistics

SOURCE = "i-lab"
FILES = {
    "ilab_laureates.csv.gz": "i-lab-laureates",
    "fr-esr-laureats-concours-national-i-lab.csv": "i-lab-laureates-whole",
}
MORE = "␟"
"""Between the names in one cell."""

_KEY, _YEAR, _TITLE = "Identifiant", "Année de concours", "Moto"
_NUMBER, _NAME = "N° SIREN", "Libellé entreprise"
_BODIES = {
    "Id de la structure liée au projet": "Structure liée au projet",
    "Id de l'unité de recherche liée au projet": "Unité de recherche liée au projet",
}
"""Columns with the numbers of research bodies and units, each with the column of their names."""
_FORMS = {
    _YEAR: ("(?:19|20)[0-9]{2}", "the year of the contest"),
    _NUMBER: ("(?:[0-9]{8,9})?", "the company's number of nine digits (one is published with eight), or nothing"),
}


def read(downloaded: Path, tables: Path) -> None:
    """Write laureates, who takes part, and organizations with the rows that name them."""
    columns = (_KEY, _YEAR, _TITLE, _NUMBER, _NAME, *_BODIES, *_BODIES.values())
    paths = [path for path in (downloaded / name for name in FILES) if path.is_file()]
    rows = pl.concat(statistics.table(p, columns, document=FILES[p.name], separator=";") for p in paths[:1])
    statistics.check(rows, _FORMS, source=SOURCE)
    rows = rows.with_columns(
        laureate=pl.when(pl.col(_KEY) == "").then(pl.format("row-{}", "row")).otherwise(statistics.slug(pl.col(_KEY)))
    )
    companies, bodies = _companies(rows), pl.concat(_bodies(rows, column) for column in _BODIES)
    takers = pl.concat(
        [companies.with_columns(role=pl.lit("participant")), bodies.with_columns(role=pl.lit("partner"))]
    )
    takers = takers.unique(["laureate", "key"], keep="first", maintain_order=True)
    takers.select(pl.format("{}-{}", "laureate", "key").alias("key"), "laureate", pl.col("key").alias("organization"),
                  "role", "document", "row").write_csv(tables / "participations.csv")  # fmt: skip
    _laureates(rows, takers, bodies).write_csv(tables / "laureates.csv")
    takers.select("key", "document", "row").write_csv(tables / "organization-rows.csv")
    _named(takers).write_csv(tables / "organizations.csv")


def _companies(rows: pl.DataFrame) -> pl.DataFrame:
    """The company of each row that has one: by its number, else by its name."""
    number, name = pl.col(_NUMBER), pl.col(_NAME)
    known = rows.filter((number != "") | (name != ""))
    return known.select(
        "laureate",
        key=pl.when(number == "").then(statistics.slug(name)).otherwise(number),
        identifier=number.replace("", None),
        name=name.replace("", None),
        type=pl.lit("company"),
        document="document",
        row="row",
    )


def _bodies(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """The research bodies of each row; where a cell has several, their names cannot be told apart."""
    numbers = pl.col(column).str.replace_all(" *, *", ",").str.split(",")
    name = pl.when(numbers.list.len() == 1).then(pl.col(_BODIES[column]).replace("", None))
    every = rows.filter(pl.col(column) != "").with_columns(name=name, identifier=numbers).explode("identifier")
    return every.filter(pl.col("identifier") != "").select(
        "laureate",
        key=statistics.slug(pl.col("identifier")),
        identifier="identifier",
        name="name",
        type=pl.lit(None, pl.String),
        document="document",
        row="row",
    )


def _laureates(rows: pl.DataFrame, takers: pl.DataFrame, bodies: pl.DataFrame) -> pl.DataFrame:
    """The laureates of whom somebody is known."""
    out_of_research = pl.col("laureate").is_in(bodies["laureate"].to_list())
    return rows.filter(pl.col("laureate").is_in(takers["laureate"].to_list())).select(
        pl.col("laureate").alias("key"),
        pl.col(_TITLE).alias("title"),
        pl.col(_YEAR).alias("year"),
        pl.when(out_of_research).then(pl.lit("spin-off")).alias("channel"),
        "document",
        "row",
    )


def _named(takers: pl.DataFrame) -> pl.DataFrame:
    """Each organization once: its newest name, or its number where it has none, and other names beside it."""
    names = pl.col("name").drop_nulls().unique(maintain_order=True)
    return takers.sort("row", descending=True).group_by("key", maintain_order=True).agg(
        pl.coalesce(pl.col("name").drop_nulls().first(), pl.col("identifier").first()).alias("name"),
        names.slice(1).str.replace_all(MORE, " ", literal=True).alias("also"),
        pl.col("identifier").first(),
        pl.col("type").first(),
    ).with_columns(pl.col("also").list.join(MORE)).sort("key")  # fmt: skip
