"""From CORDIS, in the layouts of FP7, Horizon 2020 and Horizon Europe, to one set of tables.

What metadata alone cannot do: codes of countries that are not ISO 3166, decimal commas, the period of a project from
its two days, one name of an organization where the files have several, and one number for each participation.

A framework's ``organization.csv`` has a row for each participation, ``project.csv`` one for each project. FP7 also
comes as a list of pairs of project and organization, with no more on either than the names of the organizations.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl

FRAMEWORKS = {"horizon": "horizon-europe", "h2020": "horizon-twenty-twenty", "fp7": "seventh-framework"}
"""The programme of each set of files, the newest first: the names of an organization are those that it has there."""
MORE = "␟"
"""Between the names in one cell."""

_COUNTRIES = {"UK": "GB", "EL": "GR"}
_TYPES = {"HES": "university", "REC": "research-institute", "PRC": "company", "PUB": "government"}
_ROLES = {"coordinator": "coordinator", "participant": "participant"}
_ANOTHER_ROLE = "partner"
_PARTICIPATIONS = ("project", "organization", "role", "contribution", "currency", "document", "row")
_PROJECTS = ("project", "acronym", "programme", "period", "budget", "currency", "document", "row")


def read(downloaded: Path, tables: Path) -> None:
    """Write participations, organizations with the rows that name them, and projects."""
    takings = [_framework(downloaded, name) for name in FRAMEWORKS] + [_pairs(downloaded)]
    participations, organizations, projects = (_together(kind, takings) for kind in range(3))
    numbered = _numbered(participations).with_columns(_euros("contribution"))
    numbered.select("key", *_PARTICIPATIONS).write_csv(tables / "participations.csv")
    organizations.select("key", "document", "row").write_csv(tables / "organization-rows.csv")
    _named(organizations).write_csv(tables / "organizations.csv")
    known = projects.unique("project", keep="first", maintain_order=True)
    known.with_columns(_euros("budget")).select(*_PROJECTS).write_csv(tables / "projects.csv")


Takings = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]
"""Participations, organizations and projects of one framework."""


def _together(kind: int, takings: list[Takings]) -> pl.DataFrame:
    return pl.concat([taking[kind] for taking in takings])


def _framework(downloaded: Path, name: str) -> Takings:
    """The tables of one framework in the layout of today."""
    rows = _table(downloaded / f"{name}-organization.csv", f"cordis-{name}-organizations")
    participations = rows.select(
        project="projectID",
        organization="organisationID",
        role=pl.col("role").replace_strict(_ROLES, default=_ANOTHER_ROLE),
        contribution=_number("ecContribution"),
        document="document",
        row="row",
    )
    organizations = rows.select(
        key="organisationID",
        name="name",
        short="shortName",
        country=pl.col("country").replace(_COUNTRIES),
        type=pl.col("activityType").replace_strict(_TYPES, default=None, return_dtype=pl.String),
        document="document",
        row="row",
    )
    projects = _table(downloaded / f"{name}-project.csv", f"cordis-{name}-projects").select(
        project="id",
        acronym="acronym",
        programme=pl.lit(FRAMEWORKS[name]),
        period=_period("startDate", "endDate"),
        budget=_number("totalCost"),
        document="document",
        row="row",
    )
    return participations, organizations, pl.concat([projects, _only_named(participations, FRAMEWORKS[name])])


def _pairs(downloaded: Path) -> Takings:
    """FP7 as pairs of project and organization; a project is called by its record number, not by that of its grant."""
    pairs = _table(downloaded / "fp7edges.tsv.gz", "cordis-fp7-pairs")
    names = _table(downloaded / "fp7orgs.csv.gz", "cordis-fp7-names")
    project, nothing = pl.format("rcn-{}", pl.col("projectRcn")), pl.lit(None, pl.String)
    participations = pairs.select(
        project.alias("project"), pl.col("new_org_id").alias("organization"), nothing.alias("role"),
        nothing.alias("contribution"), "document", "row",
    )  # fmt: skip
    organizations = names.select(
        pl.col("new_org_id").alias("key"), "name", pl.col("shortName").alias("short"),
        pl.col("country").replace(_COUNTRIES), nothing.alias("type"), "document", "row",
    )  # fmt: skip
    return participations, organizations, _only_named(participations, FRAMEWORKS["fp7"])


def _only_named(participations: pl.DataFrame, programme: str) -> pl.DataFrame:
    """Projects of which no more is known than who takes part: each stands in the first row that names it."""
    nothing = pl.lit(None, pl.String)
    first = participations.unique("project", keep="first", maintain_order=True)
    return first.select(
        "project",
        acronym=nothing,
        programme=pl.lit(programme),
        period=nothing,
        budget=nothing,
        document="document",
        row="row",
    )


_COLUMNS = {
    "organization.csv": (
        *("projectID", "organisationID", "name", "shortName"),
        *("activityType", "country", "role", "ecContribution"),
    ),
    "project.csv": ("id", "acronym", "startDate", "endDate", "totalCost"),
    "fp7edges.tsv.gz": ("projectRcn", "new_org_id"),
    "fp7orgs.csv.gz": ("new_org_id", "name", "shortName", "country"),
}


def _table(path: Path, document: str) -> pl.DataFrame:
    """The columns of a file that are used, as texts, with the document and the row (the header is 1) of each."""
    columns = next(names for end, names in _COLUMNS.items() if path.name.endswith(end))
    if not path.is_file():
        return pl.DataFrame(schema=dict.fromkeys((*columns, "document"), pl.String) | {"row": pl.Int64})
    separator = _separator(path)
    frame = pl.read_csv(path, separator=separator, infer_schema=False, quote_char=None if separator == "\t" else '"')
    if missing := [name for name in columns if name not in frame.columns]:
        raise ValueError(f"{path.name}: there is no column {missing[0]}; found {', '.join(frame.columns)}")
    texts = (pl.col(name).str.strip_chars().replace("", None) for name in columns)
    row = pl.int_range(2, frame.height + 2, dtype=pl.Int64)
    return frame.select(*texts, document=pl.lit(document), row=row)


def _separator(path: Path) -> str:
    """What stands between the names of the header: CORDIS has changed it more than once."""
    with (
        gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig") as file
    ):
        header = file.readline()
    return max("\t;,", key=header.count)


def _number(column: str) -> pl.Expr:
    return pl.col(column).str.replace(",", ".", literal=True)


def _period(first: str, last: str) -> pl.Expr:
    """The name of the period between two days; none where a day is missing or they are in the wrong order."""
    start, end = (pl.col(name).str.slice(0, 10) for name in (first, last))
    year = start.str.slice(0, 4)
    is_year = (start == year + "-01-01") & (end == year + "-12-31")
    name = pl.when(is_year).then("CY" + year).when(start == end).then(start).otherwise(start + "_" + end)
    return pl.when(start <= end).then(name)


def _numbered(participations: pl.DataFrame) -> pl.DataFrame:
    """Each with a key: project and organization, and a number where an organization takes part in more than one way.

    Rows that say the same twice get one key: it is one participation, stated in two rows.
    """
    place = pl.struct("role", "contribution").rank("dense").over("project", "organization")
    pair = pl.format("{}-{}", "project", "organization")
    key = pl.when(place == 1).then(pair).otherwise(pl.format("{}-{}", pair, place))
    return participations.with_columns(key=key)


def _euros(amount: str) -> pl.Expr:
    return pl.when(pl.col(amount).is_not_null()).then(pl.lit("EUR")).alias("currency")


def _named(organizations: pl.DataFrame) -> pl.DataFrame:
    """Each organization once, with its newest name, the others and the abbreviations beside it."""
    known = organizations.with_columns(name=pl.coalesce("name", "short", "key"))
    every = pl.concat_list(pl.col("name"), pl.col("short")).explode().drop_nulls().unique(maintain_order=True)
    return known.group_by("key", maintain_order=True).agg(
        pl.col("name").first(),
        every.filter(every != pl.col("name").first()).str.replace_all(MORE, " ", literal=True).alias("also"),
        pl.col("country").drop_nulls().first(),
        pl.col("type").drop_nulls().first(),
    ).with_columns(pl.col("also").list.join(MORE))  # fmt: skip
