"""Growth, one table for each basis, so that rates over the same bodies never stand in one line with rates of totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from kg import iris
from kg.queries import Table
from kg.serve.views.tables import Link, href, texts

QUERY = "figures/growth-reported-and-computed"

_TITLES = {
    ("reported", "matched-filers"): "Reported, over bodies that filed in both years (matched filers)",
    ("computed", "all-filers"): "Computed here from the totals of all filers",
    ("reported", "unstated"): "Reported, basis not stated",
    ("computed", "unstated"): "Computed here from a stated increase, whose basis is not stated",
}
_COLUMNS = ("channel", "period", "since")
_HUNDREDTH = Decimal("0.01")


_Stated = dict[tuple[str, ...], dict[str, Link]]
"""What rows say of a rate (its columns as texts), and the documents that state it, by IRI."""


@dataclass(frozen=True)
class Rate:
    """Growth from one period to another, in percent, and the documents that state it."""

    channel: str
    period: str
    since: str
    value: str
    lower: str
    upper: str
    documents: tuple[Link, ...]


@dataclass(frozen=True)
class Basis:
    """Rates that may be compared: all reported, or all computed, and on one basis."""

    title: str
    rates: tuple[Rate, ...]

    @property
    def documents(self) -> bool:
        """Whether documents state them."""
        return any(rate.documents for rate in self.rates)


def growth(table: Table, channels: Sequence[str], named: Mapping[str, str]) -> list[Basis]:
    """The answer to `QUERY` for some channels, by basis; documents that state the same rate share a row.

    Growth of what goes to one kind of counterpart only is left out.
    """
    bases: dict[tuple[str, str], _Stated] = {key: {} for key in _TITLES}
    for row in texts(table):
        for kind in ("reported", "computed"):
            if row["channel"] in channels and row[kind] and not row["counterpart"]:
                rates = bases.setdefault((kind, iris.local(row[f"{kind}Basis"])), {})
                said = tuple(row[column] for column in (*_COLUMNS, kind, f"{kind}Lower", f"{kind}Upper"))
                rates.setdefault(said, {}).update(_document(row, named) if kind == "reported" else {})
    return [Basis(_title(*key, named), _rates(rates, channels, named)) for key, rates in bases.items() if rates]


def _document(row: Mapping[str, str], named: Mapping[str, str]) -> dict[str, Link]:
    document = row["document"]
    return {document: Link(named.get(document, iris.local(document)), href(document))}


def _rates(stated: _Stated, channels: Sequence[str], named: Mapping[str, str]) -> tuple[Rate, ...]:
    """In the order of the channels, those of one channel as they come."""
    order = sorted(stated, key=lambda said: channels.index(said[0]))
    return tuple(_rate(said, stated[said], named) for said in order)


def _rate(said: tuple[str, ...], documents: Mapping[str, Link], named: Mapping[str, str]) -> Rate:
    channel, period, since = (named.get(iri, iris.local(iri)) for iri in said[:3])
    value, lower, upper = map(Decimal, said[3:])
    return Rate(
        channel,
        period,
        since,
        _percent(value, ROUND_HALF_EVEN),
        _percent(lower, ROUND_FLOOR),
        _percent(upper, ROUND_CEILING),
        tuple(documents.values()),
    )


def _title(kind: str, basis: str, named: Mapping[str, str]) -> str:
    default = f"{kind.capitalize()}, basis: {named.get(iris.concept(f'code/{basis}'), basis)}"
    return _TITLES.get((kind, basis), default)


def _percent(ratio: Decimal, rounding: str) -> str:
    """Percent with two decimals at most; bounds are rounded outwards, so that none gets narrower than it is."""
    percent = (ratio * 100).quantize(_HUNDREDTH, rounding).normalize()
    return f"{percent:+f}".replace("-", "−")
