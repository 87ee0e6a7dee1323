"""What the page of a figure says: every claim about one cell, drawn with its interval, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pyoxigraph as ox
from markupsafe import Markup

from kg import iris
from kg.queries import NamedQuery, Table
from kg.queries.labels import Label
from kg.serve.languages import Wish, translated
from kg.serve.resources.addresses import Addresses
from kg.serve.views.chart import Point, chart, said
from kg.serve.views.tables import Cell, cells, evidence, names, table
from kg.store.base import Term, text_of
from kg.store.querying.base import Pool

CLAIMS, JUDGEMENTS = "resources/claims-of-cell", "resources/judgements-of-cell"
KEY = ("indicator", "transformation", "period", "area", "whose", "channel")
"""What a cell is named by, in the order of a sentence."""
_RATIO, _PERCENT = "ratio", "%"
_Row = Mapping[str, Term | None]


@dataclass(frozen=True)
class Verdict:
    """What an editor found: the verdict, the record compared with, and why."""

    verdict: Cell
    other: Cell | None
    reason: Cell


@dataclass(frozen=True)
class Claim:
    """One claim, numbered as in the chart.

    Attributes
    ----------
    says
        Value, interval and hedge in words.
    place
        Paragraph and characters of the document, if they are known.
    """

    number: int
    record: str
    says: Cell
    unit: Cell
    status: Cell
    basis: Cell | None
    documents: tuple[tuple[Cell, Cell | None, str], ...]
    attributed: tuple[Cell, ...]
    relayed: tuple[Cell, ...]
    revises: tuple[Cell, ...]
    operation: Cell | None
    place: str
    evidence: str
    verdicts: tuple[Verdict, ...]


async def content(
    pool: Pool, queries: Mapping[str, NamedQuery], cell: str, wished: Wish, addresses: Addresses, *, record: str = ""
) -> dict[str, Any]:
    """What the template of a figure is filled with; nothing where no claim is made about the cell.

    Parameters
    ----------
    record
        The claim whose page it is; that of the cell itself when empty.
    """
    claimed = await table(pool, queries[CLAIMS], {"cell": cell})
    if not claimed.rows:
        return {}
    judged = await table(pool, queries[JUDGEMENTS], {"cell": cell, "language": wished.names})
    made = _Made(await names(pool, [claimed, judged], wished.names), wished, addresses)
    rows: dict[str, list[_Row]] = {}
    for row in claimed.rows:
        one = dict(zip(claimed.columns, row, strict=True))
        rows.setdefault(text_of(one["observation"]), []).append(one)
    verdicts = made.verdicts(judged)
    numbered = list(enumerate(rows.items(), 1))
    first = next(iter(rows.values()))[0]
    return {
        "claims": [made.claim(number, iri, those, verdicts.get(iri, ())) for number, (iri, those) in numbered],
        "charts": made.charts(numbered),
        "key": [(name, made.cell(first[name])) for name in KEY if first[name] is not None],
        "title": Label(", ".join(made.name(first[name]) for name in KEY if first[name] is not None)),
        "record": record,
        "cell_address": addresses.leads(cell),
    }


class _Made:
    """Terms made into what a page shows, in its language."""

    def __init__(self, named: Mapping[str, Label], wished: Wish, addresses: Addresses) -> None:
        self._named = named
        self._wished = wished
        self._addresses = addresses

    def cell(self, term: Term | None) -> Cell:
        return cells([term], self._named, self._wished.names, self._addresses.leads)[0]

    def some(self, rows: Sequence[_Row], column: str) -> tuple[Cell, ...]:
        terms = dict.fromkeys(row[column] for row in rows if row[column] is not None)
        return tuple(self.cell(term) for term in terms)

    def name(self, term: Term | None) -> str:
        text = text_of(term)
        return self._named.get(text) or Label(iris.local(text))

    def claim(self, number: int, iri: str, rows: Sequence[_Row], verdicts: Sequence[Verdict]) -> Claim:
        row = rows[0]
        sources = dict.fromkeys(
            (each["document"], each["quality"], each["issued"]) for each in rows if each["document"]
        )
        says = Cell(said(self.point(number, rows), self._unit(row)), self._addresses.leads(iri), iri)
        return Claim(
            number=number,
            record=iri,
            says=says,
            unit=self.cell(row["unit"]),
            status=self.cell(row["status"]),
            basis=self.cell(row["basis"]) if row["basis"] else None,
            documents=tuple(
                (self.cell(document), self.cell(quality) if quality else None, text_of(issued))
                for document, quality, issued in sources
            ),
            attributed=self.some(rows, "attributedTo"),
            relayed=self.some(rows, "relayedBy"),
            revises=self.some(rows, "revises"),
            operation=self.cell(row["operation"]) if row["operation"] else None,
            place=self._place(row),
            evidence=evidence(iri),
            verdicts=tuple(verdicts),
        )

    def _place(self, row: _Row) -> str:
        if row["paragraph"] is None:
            return ""
        text = translated("paragraph %(paragraph)s, characters %(start)s to %(end)s", self._wished.words)
        return text % {name: text_of(row[name]) for name in ("paragraph", "start", "end")}

    def point(self, number: int, rows: Sequence[_Row]) -> Point:
        row = rows[0]
        value, lower, upper = (Decimal(text_of(row[name])) for name in ("value", "lower", "upper"))
        return Point(
            period=f"{number}.",
            value=value,
            lower=lower,
            upper=upper,
            status=iris.local(text_of(row["status"])),
            status_name=self.name(row["status"]),
            qualifier=iris.local(text_of(row["qualifier"])),
            sources=tuple(cell.text for cell in self.some(rows, "document") or self.some(rows, "operation")),
        )

    def charts(self, numbered: Sequence[tuple[int, tuple[str, list[_Row]]]]) -> list[tuple[str, Markup]]:
        """A chart for each unit, since no scale holds two."""
        units: dict[str, list[Point]] = {}
        for number, (_, rows) in numbered:
            point = self.point(number, rows)
            if self._unit(rows[0]) == _RATIO:
                hundred = {name: getattr(point, name) * 100 for name in ("value", "lower", "upper")}
                point = replace(point, **hundred)
            units.setdefault(text_of(rows[0]["unit"]), []).append(point)
        return [self._chart(unit, points) for unit, points in units.items()]

    def _chart(self, unit: str, points: Sequence[Point]) -> tuple[str, Markup]:
        code = iris.local(unit)
        name = _PERCENT if code == _RATIO else self._named.get(unit, code)
        title = translated("Claims about one figure", self._wished.words)
        drawn = chart(points, title=title, unit=name, near=True)
        return name, Markup(drawn)  # noqa: S704  # the drawing comes from a serializer

    def _unit(self, row: _Row) -> str:
        return iris.local(text_of(row["unit"]))

    def verdicts(self, judged: Table) -> dict[str, list[Verdict]]:
        found: dict[str, list[Verdict]] = {}
        for claim, verdict, other, value, reason, _ in judged.rows:
            shown = self.cell(other) if isinstance(other, ox.NamedNode) else None
            if shown and value is not None:
                shown = replace(shown, text=self.cell(value).text.strip())
            found.setdefault(text_of(claim), []).append(Verdict(self.cell(verdict), shown, self.cell(reason)))
        return found
