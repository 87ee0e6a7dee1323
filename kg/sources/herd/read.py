"""From the tables of HERD to one figure a row, with the institutions that they name.

What metadata alone cannot do: a table has a column for each source of funds, a cell is a number and its flag
(``['1,234', 'i']``), and the name of an institution is the end of a path through states, with marks of footnotes.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from kg.sources import statistics

SOURCE = "herd"
INSTITUTIONS = {"funds": "_b_institution_b", "received": "_b_state_institutional_control_and_institution_b"}
INSTITUTIONS["passed"] = INSTITUTIONS["received"]
"""What the names of the columns begin with that hold institutions, by the subject of a table."""
LEVELS = {"funds": 2, "received": 4, "passed": 4}
"""How deep institutions stand in the path; at the first level stand all together."""

_FLAGS = {"": "reported", "i": "estimated", "e": "estimated", "r": "restated", "D": "withheld", "S": "withheld"}
_CELL = r"\['([^']*)', '([A-Za-z]*)'\]"
_MARK = "<sup>[^<]*</sup>|<[^>]*>"
"""Marks of footnotes, with what they enclose, and other markup."""
_FORM = (
    rf"\['[^']*', '(?:{'|'.join(_FLAGS)})'\]",
    "a number and its flag, such as ['1,234', 'i'], the flag being i, e, r, D, S or nothing",
)


def read(downloaded: Path, tables: Path) -> None:
    """Write observations and institutions."""
    listed = pl.read_csv(tables / "tables.csv", infer_schema=False)
    present = [table for table in listed.iter_rows(named=True) if (downloaded / table["file"]).is_file()]
    cells = pl.concat([statistics.empty_cells(), *(_cells(downloaded, table) for table in present)], how="diagonal")
    statistics.write(statistics.figures(cells, tables / "headings.csv", source=SOURCE), tables)
    _institutions(cells).write_csv(tables / "organizations.csv")


def _cells(downloaded: Path, table: dict[str, str]) -> pl.DataFrame:
    """The cells of one table that hold a figure; those that are withheld, or are not available, hold none."""
    path, depth = f"{INSTITUTIONS[table['subject']]}_full_path", LEVELS[table["subject"]]
    measures = _measures(downloaded / table["file"], path)
    rows = statistics.table(downloaded / table["file"], ("table_id", path, *measures), document=table["document"])
    statistics.check(rows, dict.fromkeys(measures, _FORM), source=SOURCE)
    steps = pl.col(path).str.split(" -> ")
    name = steps.list.last().str.replace_all(_MARK, "").str.strip_chars()
    level, key = steps.list.len(), statistics.slug(name)
    subject = pl.when(level == depth).then(key).when(level == 1).then(pl.lit(table["population"]))
    observed = pl.when(level == depth).then(pl.lit("org/herd-") + key).when(level == 1).then(
        pl.lit("population/" + table["population"])
    )  # fmt: skip
    known = rows.with_columns(name=name, subject=subject, observed=observed)
    cells = known.unpivot(
        measures, index=["file", "row", "document", "name", "subject", "observed"], variable_name="heading"
    )
    cells = cells.with_columns(
        column="heading",
        text=pl.col("value").str.extract(_CELL, 1),
        status=pl.col("value").str.extract(_CELL, 2).replace_strict(_FLAGS),
        subject=pl.format("{}-{}", "subject", pl.lit(rows["table_id"].first() or "")),
        area=pl.lit("US"),
        period=pl.lit("FY" + table["year"]),
    )
    held = cells.filter((pl.col("status") != "withheld") & ~pl.col("text").is_in(statistics.NO_FIGURE))
    statistics.check(held, {"observed": (".+", "no figure for a state or a kind of institution")}, source=SOURCE)
    return held.select(pl.exclude("value"))


def _measures(file: Path, path: str) -> list[str]:
    """The columns with figures; the rank of an institution follows from them."""
    names = statistics.header(file, path)
    return [name for name in names if name.startswith("field_") and name != "field_rank"]


def _institutions(cells: pl.DataFrame) -> pl.DataFrame:
    """Each institution once, with the first row that names it."""
    if cells.is_empty():
        cells = cells.with_columns(name=pl.lit(None, pl.String))
    named = cells.filter(pl.col("observed").str.starts_with("org/")).unique(
        "observed", keep="first", maintain_order=True
    )
    return named.select(
        pl.col("observed").str.strip_prefix("org/").alias("key"),
        "name",
        pl.lit(None, pl.String).alias("identifier"),
        "area",
        "document",
        "row",
    ).sort("key")
