"""From the regional indicators of the United Kingdom, a file an indicator and level, to one figure a row.

What metadata alone cannot do: the column with the value is called otherwise in each file, a year is a calendar or an
academic one, and the code of a region means what the version of its scheme says.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from kg.sources import statistics

SOURCE = "uk-regions"
_FORMS = {
    "year": ("[0-9]{4}", "a year of four digits"),
    "code": (
        "UK[A-Z0-9]{2,3}|E[0-9]{8}",
        "the code of a NUTS 2 or 3 region, such as UKC1, or of a LEP, such as E37000001",
    ),
    "version": ("-?[0-9]{4}", "the year of the version of the codes"),
}
_NUTS_2, _NUTS_3 = 4, 5


def read(downloaded: Path, tables: Path) -> None:
    """Write observations and regions."""
    listed = pl.read_csv(tables / "files.csv", infer_schema=False)
    present = [file for file in listed.iter_rows(named=True) if (downloaded / file["file"]).is_file()]
    cells = pl.concat([statistics.empty_cells(), *(_cells(downloaded, file) for file in present)], how="diagonal")
    statistics.write(statistics.figures(cells, tables / "headings.csv", source=SOURCE), tables)
    _areas(cells).write_csv(tables / "areas.csv")


def _cells(downloaded: Path, file: dict[str, str]) -> pl.DataFrame:
    """The cells of one file."""
    value = file["heading"]
    path = downloaded / file["file"]
    kind = "lep" if "lep_id" in statistics.header(path, "year") else "nuts"
    rows = statistics.table(path, ("year", f"{kind}_id", f"{kind}_year_spec", value), document=file["document"])
    rows = rows.rename({f"{kind}_id": "code", f"{kind}_year_spec": "version"})
    statistics.check(rows, _FORMS, source=SOURCE)
    academic = pl.format("{}-08-01_{}-07-31", "year", pl.col("year").cast(pl.Int32) + 1)
    version = pl.col("version").str.replace("-", "-until-", literal=True)
    area = pl.format("{}{}-{}", pl.lit(kind), version, "code")
    return rows.select(
        "file", "row", "document", "code", "version",
        column=pl.lit(value),
        subject=area.str.to_lowercase(),
        area=area,
        observed=pl.lit("population/" + file["population"]),
        period=academic if file["year"] == "academic" else pl.lit("CY") + pl.col("year"),
        heading=pl.lit(value),
        text=value,
        status=pl.lit("reported"),
        kind=pl.lit(kind),
    )  # fmt: skip


def _areas(cells: pl.DataFrame) -> pl.DataFrame:
    """Each region once, and the NUTS 2 regions around those of NUTS 3.

    Regions of one level lie in one area, NUTS 2 in the country, NUTS 3 in NUTS 2 and partnerships in England, so that
    what is asked by the area around adds up no level with another.
    """
    if cells.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(("key", "label", "notation", "within"), pl.String))
    code = pl.col("code")
    found = cells.select("kind", "version", "code").unique()
    around = found.filter(code.str.len_chars() == _NUTS_3, kind="nuts").with_columns(code.str.slice(0, _NUTS_2))
    every = pl.concat([found, around]).unique()
    version = pl.col("version").str.replace("-", "-until-", literal=True)
    scheme = pl.format(
        "{} {}", pl.col("kind").str.to_uppercase(), pl.col("version").str.replace("-", "until ", literal=True)
    )
    parent = pl.format("nuts{}-{}", version, code.str.slice(0, _NUTS_2))
    within = pl.when(pl.col("kind") == "lep").then(pl.lit("GB-ENG")).when(code.str.len_chars() == _NUTS_3).then(parent)
    return every.select(
        key=pl.format("{}{}-{}", "kind", version, "code"),
        label=pl.format("{} ({})", "code", scheme),
        notation="code",
        within=within.otherwise(pl.lit("GB")),
    ).sort("key")
