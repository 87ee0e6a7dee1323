"""The figures that the home page draws and lists: rows of the query on contract value by year, as points of a chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg import iris
from kg.queries import Table
from kg.serve.chart import Point, chart, quantity
from kg.serve.tables import href, texts

_Row = dict[str, str]
_DERIVED = "derived"

QUERY = "figures/contract-value-by-year"


@dataclass(frozen=True)
class Link:
    """A text that may lead somewhere, and what is said after it."""

    text: str
    href: str | None
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """One claim: what it says and in which unit, the documents that it comes from, and what it rests on.

    Attributes
    ----------
    basis
        Its place in the text; of a derived figure, which stands in none, the operation.
    operands
        What a derived figure was made of.
    """

    point: Point
    unit: str
    unit_name: str
    documents: tuple[Link, ...]
    basis: Link
    operands: tuple[Link, ...]


def derived(table: Table) -> list[str]:
    """The IRIs of the derived ones among the claims."""
    return sorted({row["observation"] for row in texts(table) if iris.local(row["status"]) == _DERIVED})


def figures(table: Table, operands: Sequence[Table], named: Mapping[str, str]) -> list[Figure]:
    """The claims in the order of the rows.

    Parameters
    ----------
    table
        The answer to `QUERY`: a claim has one row for each document that it comes from.
    operands
        What each of the derived ones was made of.
    named
        Labels by IRI.
    """
    claims: dict[str, list[_Row]] = {}
    for row in texts(table):
        claims.setdefault(row["observation"], []).append(row)
    used: dict[str, list[_Row]] = {}
    for content in operands:
        for row in texts(content):
            used.setdefault(row["record"], []).append(row)
    return [_figure(rows, used.get(observation, []), named) for observation, rows in claims.items()]


def drawn(claims: Sequence[Figure]) -> str:
    """The chart of those in the unit that most are in; a chart never mixes two."""
    if not claims:
        return ""
    (code, name), _ = Counter((claim.unit, claim.unit_name) for claim in claims).most_common(1)[0]
    points = [claim.point for claim in claims if claim.unit == code]
    return chart(points, title="Contract value by year", unit=f"{name} ({code})" if name != code else code)


def _figure(rows: Sequence[_Row], operands: Sequence[_Row], named: Mapping[str, str]) -> Figure:
    claim = rows[0]
    documents = tuple(Link(row["documentLabel"], href(row["document"])) for row in rows)
    status, unit = iris.local(claim["status"]), iris.local(claim["unit"])
    point = Point(
        period=_name(claim["period"], named),
        value=Decimal(claim["value"]),
        lower=Decimal(claim["lower"]),
        upper=Decimal(claim["upper"]),
        status=status,
        qualifier=iris.local(claim["qualifier"]),
        sources=tuple(document.text for document in documents),
    )
    basis = "how it was derived" if status == _DERIVED else "where it stands"
    if operands:
        basis = _name(operands[0]["operation"], named)
    return Figure(
        point,
        unit,
        _name(claim["unit"], named),
        documents,
        Link(basis, href(claim["observation"])),
        tuple(_operand(row, named) for row in operands),
    )


def _operand(row: _Row, named: Mapping[str, str]) -> Link:
    value = quantity(Decimal(row["value"]), iris.local(row["unit"]))
    note = ", ".join(_name(row[column], named) for column in ("indicator", "transformation", "period"))
    return Link(value, href(row["operand"]), note)


def _name(iri: str, named: Mapping[str, str]) -> str:
    return named.get(iri, iris.local(iri))
