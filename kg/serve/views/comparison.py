"""One indicator across countries, and what each survey counts under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kg import iris
from kg.queries import Table
from kg.serve.views.tables import Link, href, texts

QUERY = "figures/comparison-across-countries"

_WHOLE_YEAR = ("-01-01", "-12-31")
_UNMAPPED = "none: nearest only"
_DERIVED = "derived"


@dataclass(frozen=True)
class Row:
    """What one country's survey says for one of its years.

    Attributes
    ----------
    year
        A number, or days; nominal where each body's own year counts, or its days are not stated.
    quality
        Of the source; ``derived`` where no source states the figure.
    mapping
        How the survey's own heading maps to the way of transfer that the figure stands under.
    """

    area: str
    year: str
    value: Link
    lower: str
    upper: str
    population: str
    quality: str
    mapping: str


@dataclass(frozen=True)
class Comparison:
    """The rows, and each survey's own meaning of what it counts, once."""

    rows: tuple[Row, ...]
    caveats: tuple[tuple[str, str], ...]


def comparison(table: Table, named: Mapping[str, str]) -> Comparison:
    """The answer to `QUERY`; a figure under several headings has one row, and the mapping of each of them."""
    claims: dict[str, list[dict[str, str]]] = {}
    for row in texts(table):
        claims.setdefault(row["observation"], []).append(row)
    rows = tuple(_row(found, named) for found in claims.values())
    caveats = {
        (named.get(row["population"], iris.local(row["population"])), row["caveat"])
        for found in claims.values()
        for row in found
        if row["caveat"]
    }
    return Comparison(rows, tuple(sorted(caveats)))


def _row(found: list[dict[str, str]], named: Mapping[str, str]) -> Row:
    first = found[0]
    mappings = dict.fromkeys(iris.local(row["match"]).removesuffix("Match") for row in found if row["match"])
    value, lower, upper = (f"{Decimal(first[column]):,f}" for column in ("value", "lower", "upper"))
    return Row(
        area=first["areaLabel"],
        year=_year(first["firstDay"], first["lastDay"], nominal=first["nominal"] == "true"),
        value=Link(value, href(first["observation"])),
        lower=lower,
        upper=upper,
        population=named.get(first["population"], iris.local(first["population"])),
        quality=iris.local(first["quality"]) if first["quality"] else _DERIVED,
        mapping=", ".join(mappings) or _UNMAPPED,
    )


def _year(first: str, last: str, *, nominal: bool) -> str:
    """A calendar year as its number, any other by its days; marked if the days are only those that it is named by."""
    calendar = first[:4] == last[:4] and (first[4:], last[4:]) == _WHOLE_YEAR
    days = first[:4] if calendar else f"{first} to {last}"
    return f"{days} (nominal)" if nominal else days
