"""The figures that the home page draws and lists: rows of the query on contract value by year, as points of a chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg import iris
from kg.queries import Table
from kg.serve.chart import Point, chart
from kg.serve.tables import href, texts

_Row = dict[str, str]

QUERY = "figures/contract-value-by-year"


@dataclass(frozen=True)
class Figure:
    """One claim: what it says, in which unit, the documents (name, link) that it comes from, its places in them."""

    point: Point
    unit: str
    period: str
    documents: tuple[tuple[str, str | None], ...]
    places: str | None


def figures(table: Table) -> list[Figure]:
    """The claims in the order of the rows. A claim has one row for each document that it comes from."""
    claims: dict[str, list[_Row]] = {}
    for row in texts(table):
        claims.setdefault(row["observation"], []).append(row)
    return [_figure(rows) for rows in claims.values()]


def drawn(claims: Sequence[Figure]) -> str:
    """The chart of those in the unit that most are in; a chart never mixes two."""
    if not claims:
        return ""
    unit = Counter(claim.unit for claim in claims).most_common(1)[0][0]
    points = [claim.point for claim in claims if claim.unit == unit]
    return chart(points, title="Contract value by year", unit=unit)


def _figure(rows: Sequence[_Row]) -> Figure:
    claim = rows[0]
    documents = tuple((row["documentLabel"], href(row["document"])) for row in rows)
    status = iris.local(claim["status"])
    point = Point(
        year=int(claim["firstDay"][:4]),
        value=Decimal(claim["value"]),
        lower=Decimal(claim["lower"]),
        upper=Decimal(claim["upper"]),
        status=status,
        qualifier=iris.local(claim["qualifier"]),
        sources=tuple(name for name, _ in documents),
    )
    places = None if status == "derived" else href(claim["observation"])  # a derived value stands in no text
    return Figure(point, iris.local(claim["unit"]), iris.local(claim["period"]), documents, places)
