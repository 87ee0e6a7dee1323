"""From the ten tables of HE-BCI to one figure a row, with the providers that they name.

What metadata alone cannot do: the columns that say what a number counts differ from table to table, an academic year
is a period of days, and each total of collaborative research stands twice, in its own year and in the next.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from kg.sources import statistics

SOURCE = "he-bci-providers"
TABLES = {
    "1": ("Source of public funding", "Type of income"),
    "2a": ("Type of service", "Type of organisation", "Number/Value Marker"),
    "2b": ("Category Marker",),
    "3": ("Programme",),
    "4a": ("Type of disclosure or patent",),
    "4b": ("Type of licence granted", "Type of organisation"),
    "4c": ("Income source", "Type of organisation"),
    "4d": ("Category Marker",),
    "4e": ("Metric", "Category Marker"),
    "5": ("Nature of Event", "Metric", "Type of event"),
}
"""The columns of each table that say what is counted; the one that is called Unit is at times wrong."""
FILES = {"table-{}.csv": "he-bci-table-{}", "NE_table-{}.csv.gz": "he-bci-north-east-table-{}"}
"""Files of a table, each with the document that it is."""

_YEAR = "Academic Year"
_COUNTRY = "Country of HE provider"
_ABOUT = ("UKPRN", "HE Provider", _COUNTRY, "Region of HE provider", _YEAR)
_AREAS = {"England": "GB-ENG", "Scotland": "GB-SCT", "Wales": "GB-WLS", "Northern Ireland": "GB-NIR"}
_FORMS = {
    "UKPRN": ("[0-9]{8}", "the provider's number of eight digits"),
    _COUNTRY: ("|".join(_AREAS), f"one of {', '.join(_AREAS)}"),
    _YEAR: (
        "(?:" + "|".join(f"[0-9]{{2}}{year:02}/{(year + 1) % 100:02}" for year in range(100)) + ")",
        "an academic year, such as 2014/15",
    ),
}


def read(downloaded: Path, tables: Path) -> None:
    """Write observations, what revises what, and providers."""
    cells = pl.concat([statistics.empty_cells(), *_present(downloaded)], how="diagonal")
    observations = statistics.figures(cells, tables / "headings.csv", source=SOURCE)
    kept, revisions = _of_the_year_before(observations)
    statistics.write(kept, tables)
    revisions.write_csv(tables / "revisions.csv")
    _providers(cells).write_csv(tables / "organizations.csv")


def _present(downloaded: Path) -> list[pl.DataFrame]:
    return [
        _cells(path, table, document.format(table))
        for name, document in FILES.items()
        for table in TABLES
        if (path := downloaded / name.format(table)).is_file()
    ]


def _cells(path: Path, table: str, document: str) -> pl.DataFrame:
    """The cells of one table, each with the name of the provider."""
    value = "Number/Value" if table == "2a" else "Value"
    rows = statistics.table(path, (*_ABOUT, *TABLES[table], value), document=document)
    statistics.check(rows, _FORMS, source=SOURCE)
    start = pl.col(_YEAR).str.slice(0, 4).cast(pl.Int32)
    return rows.select(
        "file", "row", "document",
        column=pl.lit(value),
        subject="UKPRN",
        area=pl.col(_COUNTRY).replace_strict(_AREAS),
        observed=pl.lit("org/ukprn-") + pl.col("UKPRN"),
        period=pl.format("{}-08-01_{}-07-31", start, start + 1),
        heading=pl.concat_str(pl.lit(table), *TABLES[table], separator=" | "),
        text=value,
        status=pl.lit("reported"),
        name="HE Provider",
    )  # fmt: skip


def _of_the_year_before(observations: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Observations without totals of the year before that only say again what stood there, and what the others revise.

    A total that was changed is restated; one of a year whose own table is not there is all that is known of it.
    """
    figure = ["indicator", "period", "observed", "channel", "counterpart"]
    own = observations.filter(pl.col("when") != "before").select(*figure, revises="key", earlier="value")
    known = observations.join(own, on=figure, how="left", nulls_equal=True, maintain_order="left")
    is_later = pl.col("when") == "before"
    known = known.filter(~(is_later & (pl.col("value") == pl.col("earlier")).fill_null(False)))
    is_revision = is_later & pl.col("revises").is_not_null()
    kept = known.with_columns(status=pl.when(is_revision).then(pl.lit("restated")).otherwise("status"))
    return kept, known.filter(is_revision).select("key", "revises")


def _providers(cells: pl.DataFrame) -> pl.DataFrame:
    """Each provider once, by the name of the latest year."""
    if cells.is_empty():
        cells = cells.with_columns(name=pl.lit(None, pl.String))
    latest = cells.sort("period", descending=True, maintain_order=True).unique(
        "subject", keep="first", maintain_order=True
    )
    return latest.select(
        pl.col("observed").str.strip_prefix("org/").alias("key"),
        "name",
        pl.col("subject").alias("identifier"),
        "area",
        "document",
        "row",
    ).sort("key")
