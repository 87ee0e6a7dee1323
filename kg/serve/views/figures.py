"""The figures that the home page draws and lists: rows of the query on contract value by year, as points of a chart.

A year may have several claims. The chart shows one of them, which `kg.derivation.series.best` chooses; the others stay
in the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from markupsafe import Markup

from kg import iris
from kg.derivation.intervals import Interval
from kg.derivation.series import Standing, best
from kg.queries import Table
from kg.serve.views.chart import Gap, Point, chart, quantity
from kg.serve.views.tables import Issue, Link, evidence, href, texts

_Row = dict[str, str]
_Period = tuple[str, str]
"""The first day of a period and what it is called, so that periods sort by time."""

_DERIVED = "derived"
_UNKNOWN = Issue("", "")

QUERY = "figures/contract-value-by-year"


@dataclass(frozen=True)
class Figure:
    """One claim: what it says and in which unit, the documents that it comes from, and what it rests on.

    Attributes
    ----------
    record
        The IRI of the claim.
    first_day
        Of its period, as in ISO 8601.
    documents
        Each with the quality of the source, where that is known.
    basis
        Its place in the text or, if none is known, its document; of a derived figure, which stands in none, the
        operation.
    operands
        What a derived figure was made of.
    issued
        The latest day on which a document of it came out, as far as that is known: a year, a month or a day.
    disputes
        The verdicts on it, each leading to the disputed readings.
    """

    record: str
    first_day: str
    point: Point
    unit: str
    unit_name: str
    documents: tuple[Link, ...]
    basis: Link
    operands: tuple[Link, ...]
    issued: str = ""
    disputes: tuple[Link, ...] = ()

    @property
    def year(self) -> int:
        """The year that its period begins in."""
        return int(self.first_day[:4])

    @property
    def standing(self) -> Standing:
        """What it has to show when one of several claims is chosen."""
        qualities = tuple(document.note for document in self.documents)
        interval = Interval(self.point.lower, self.point.upper)
        return Standing(self.point.status, qualities, interval, self.issued, self.record)


@dataclass(frozen=True)
class Series:
    """The claims on one channel.

    Attributes
    ----------
    drawn
        The chart, which is safe to put into a page.
    shown
        The IRIs of the claims that were chosen for it.
    """

    key: str
    name: str
    claims: tuple[Figure, ...]
    drawn: Markup
    shown: frozenset[str]


def derived(table: Table) -> list[str]:
    """The IRIs of the derived ones among the claims."""
    return sorted({row["observation"] for row in texts(table) if iris.local(row["status"]) == _DERIVED})


def documents(table: Table) -> set[str]:
    """The IRIs of the documents that the claims come from."""
    return {row["document"] for row in texts(table)}


def figures(
    table: Table,
    operands: Sequence[Table],
    named: Mapping[str, str],
    about: Mapping[str, Issue] | None = None,
    disputes: Mapping[str, Sequence[Link]] | None = None,
    *,
    places: Collection[str] = (),
) -> list[Figure]:
    """The claims in the order of the rows.

    Parameters
    ----------
    table
        The answer to `QUERY`: a claim has one row for each document that it comes from.
    operands
        What each of the derived ones was made of.
    named
        Labels by IRI.
    about
        What is known of a document, by its IRI.
    disputes
        Verdicts by the IRI of the claim.
    places
        The IRIs of the claims whose place in the text is known.
    """
    claims: dict[str, list[_Row]] = {}
    for row in texts(table):
        claims.setdefault(row["observation"], []).append(row)
    used: dict[str, list[_Row]] = {}
    for content in operands:
        for row in texts(content):
            used.setdefault(row["record"], []).append(row)
    return [
        replace(
            _figure(rows, used.get(observation, []), named, about or {}, place=observation in places),
            disputes=tuple((disputes or {}).get(observation, ())),
        )
        for observation, rows in claims.items()
    ]


def series(key: str, name: str, claims: Sequence[Figure], years: range) -> Series:
    """The chart of one channel, over the years given, and all its claims.

    The chart is in the unit that most claims are in and never mixes two; a year without a claim in it is a gap.
    """
    if not claims:
        return Series(key, name, (), Markup(), frozenset())
    (code, unit_name), _ = Counter((claim.unit, claim.unit_name) for claim in claims).most_common(1)[0]
    rivals: dict[_Period, list[Figure]] = {}
    for claim in claims:
        rivals.setdefault((claim.first_day, claim.point.period), []).append(claim)
    chosen = {
        period: _best(those, code) for period, those in rivals.items() if any(claim.unit == code for claim in those)
    }
    marks: dict[_Period, Point | Gap] = {period: _marked(claim, rivals[period]) for period, claim in chosen.items()}
    points = marks | _gaps(years, {claim.year for claim in chosen.values()})
    unit = f"{unit_name} ({code})" if unit_name != code else code
    svg = chart([points[period] for period in sorted(points)], title=f"Contract value by year, {name}", unit=unit)
    shown = frozenset(claim.record for claim in chosen.values())
    return Series(key, name, tuple(claims), Markup(svg), shown)  # noqa: S704  # the drawing comes from a serializer


def _best(rivals: Sequence[Figure], unit: str) -> Figure:
    return best((claim for claim in rivals if claim.unit == unit), lambda claim: claim.standing)


def _gaps(years: range, covered: Collection[int]) -> dict[_Period, Gap]:
    return {(f"{year}-01-01", str(year)): Gap(str(year)) for year in years if year not in covered}


def _marked(claim: Figure, rivals: Sequence[Figure]) -> Point:
    """The point of a claim that says how many there are in its unit, and how many are disputed in each."""
    number = sum(rival.unit == claim.unit for rival in rivals)
    disputed = Counter(rival.unit for rival in rivals if rival.disputes)
    notes = [f"best of {number} claims"] if number > 1 else []
    notes += [f"{count} disputed{f' in {unit}' if unit != claim.unit else ''}" for unit, count in disputed.items()]
    return replace(claim.point, note=", ".join(notes))


def _figure(
    rows: Sequence[_Row],
    operands: Sequence[_Row],
    named: Mapping[str, str],
    about: Mapping[str, Issue],
    *,
    place: bool,
) -> Figure:
    claim = rows[0]
    stated = tuple(
        Link(row["documentLabel"], href(row["document"]), about.get(row["document"], _UNKNOWN).quality) for row in rows
    )
    status, unit = iris.local(claim["status"]), iris.local(claim["unit"])
    point = Point(
        period=_name(claim["period"], named),
        value=Decimal(claim["value"]),
        lower=Decimal(claim["lower"]),
        upper=Decimal(claim["upper"]),
        status=status,
        qualifier=iris.local(claim["qualifier"]),
        sources=tuple(document.text for document in stated),
    )
    return Figure(
        record=claim["observation"],
        first_day=claim["firstDay"],
        point=point,
        unit=unit,
        unit_name=_name(claim["unit"], named),
        documents=stated,
        basis=Link(_basis(status, operands, named, place=place), evidence(claim["observation"])),
        operands=tuple(_operand(row, named) for row in operands),
        issued=max(about.get(row["document"], _UNKNOWN).issued for row in rows),
    )


def _basis(status: str, operands: Sequence[_Row], named: Mapping[str, str], *, place: bool) -> str:
    """What is said of where a claim comes from; the same link shows its document where no place is known."""
    if operands:
        return _name(operands[0]["operation"], named)
    if status == _DERIVED:
        return "how it was derived"
    return "place in the source" if place else "its source, no place known"


def _operand(row: _Row, named: Mapping[str, str]) -> Link:
    value = quantity(Decimal(row["value"]), iris.local(row["unit"]))
    note = ", ".join(_name(row[column], named) for column in ("indicator", "transformation", "period"))
    return Link(value, href(row["operand"]), note)


def _name(iri: str, named: Mapping[str, str]) -> str:
    return named.get(iri, iris.local(iri))
