"""What is disputed about some figures: the readings that an editor has judged, and conflicts that nobody has judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from urllib.parse import urlencode

from kg import iris
from kg.queries import Table
from kg.serve.views.chart import quantity
from kg.serve.views.tables import Link, href, texts

QUERY = "provenance/disputed-readings"
CONFLICTS = "checks/claims-in-conflict"
_NOT_COMPARABLE = "not-comparable"

_Row = dict[str, str]
_Read = Callable[[str, str, str], Link]


@dataclass(frozen=True)
class Dispute:
    """Two readings, what was found, and why.

    Attributes
    ----------
    doubtful
        Whether it puts the readings in doubt: that two are not comparable says nothing against either.
    """

    verdict: Link
    records: frozenset[str]
    readings: tuple[Link, ...]
    reason: str
    doubtful: bool = True


def disputes(judged: Table, conflicts: Table, named: Mapping[str, str], units: Mapping[str, str]) -> list[Dispute]:
    """All disputes.

    Parameters
    ----------
    judged
        The answer to `QUERY`.
    conflicts
        The answer to `CONFLICTS`; pairs that were judged are left out.
    units
        Codes of units by the IRI of the record, if it is a figure.
    """
    read = partial(_reading, named=named, units=units)
    found: dict[str, list[_Row]] = {}
    for row in texts(judged):
        found.setdefault(row["assessment"], []).append(row)
    return [
        *(_judged(rows, read, named) for rows in found.values()),
        *(_open(row, read) for row in unjudged(conflicts)),
    ]


def unjudged(conflicts: Table) -> list[_Row]:
    """The rows of the answer to `CONFLICTS` that no editor has judged."""
    return [row for row in texts(conflicts) if row["assessed"] != "true"]


def records(judged: Table, conflicts: Table) -> set[str]:
    """The IRIs of all records that something is said of."""
    rows = [*texts(judged), *texts(conflicts)]
    return {row[side] for row in rows for side in ("record", "comparedWith", "low", "high") if row.get(side)}


def by_record(found: Iterable[Dispute]) -> dict[str, list[Link]]:
    """The verdicts on each record that is in doubt, each verdict once."""
    verdicts: dict[str, dict[Link, None]] = {}
    for dispute in (each for each in found if each.doubtful):
        for record in dispute.records:
            verdicts.setdefault(record, {})[dispute.verdict] = None
    return {record: list(links) for record, links in verdicts.items()}


def _judged(rows: Sequence[_Row], read: _Read, named: Mapping[str, str]) -> Dispute:
    """One assessment, which has a row for each pair of readings."""
    verdict, name = rows[0]["verdict"], iris.local(rows[0]["verdict"])
    pairs = [(row["record"], row["comparedWith"]) for row in rows]
    readings = [
        reading
        for row in rows
        for reading in (
            read(row["record"], row["value"], row["document"]),
            read(row["comparedWith"], row["comparedValue"], row["comparedDocument"]),
        )
    ]
    return Dispute(
        Link(named.get(verdict, name), f"/queries/{QUERY}?{urlencode({'verdict': name})}"),
        frozenset(record for pair in pairs for record in pair if record),
        tuple(dict.fromkeys(reading for reading in readings if reading.text)),
        rows[0]["reason"],
        doubtful=name != _NOT_COMPARABLE,
    )


def _open(row: _Row, read: _Read) -> Dispute:
    """Two claims in conflict that nobody has judged."""
    readings = [read(row[side], row[f"{side}Value"], row[f"{side}Document"]) for side in ("low", "high")]
    verdict = Link("in conflict, not yet judged", f"/queries/{CONFLICTS}")
    return Dispute(verdict, frozenset((row["low"], row["high"])), tuple(readings), "")


def _reading(record: str, value: str, document: str, *, named: Mapping[str, str], units: Mapping[str, str]) -> Link:
    text = quantity(Decimal(value), units.get(record, "")) if value else iris.local(record) if record else ""
    return Link(text, href(record), named.get(document, iris.local(document)) if document else "")
