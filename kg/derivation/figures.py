"""The observations of a release as figures: each with the key of its cell and its interval.

Reads the store, writes nothing. A *figure* is an observation as the rules need it; the *key* is what is measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from kg import iris
from kg.derivation.intervals import Interval, bounds, precision
from kg.errors import SourceError
from kg.store.base import Row, Store, Term, text_of
from kg.vocabulary import TT

LEVEL, DIFFERENCE, GROWTH, SHARE = (iris.concept(f"code/{name}") for name in ("level", "difference", "growth", "share"))
EXACT = iris.concept("code/exact")
TARGET = iris.concept("code/target")
DERIVED = iris.concept("code/derived")
_COUNTS = frozenset({iris.concept("unit/count"), iris.concept("unit/person")})


@dataclass(frozen=True)
class Key:
    """What is measured: the dimensions of a cell as IRIs, the optional ones empty when absent.

    ``of`` is the key of what a share is a share of; ``threshold`` is ``comparator:value:unit``.
    """

    indicator: str
    period: str
    area: str
    observed_unit: str
    channel: str
    transformation: str
    since: str = ""
    of: Key | None = None
    counterpart: str = ""
    threshold: str = ""

    @cached_property
    def text(self) -> str:
        """The canonical key (ontology-design section 5): last path segments, optional parts only where they are."""
        parts = [self.indicator, self.period, self.area, self.observed_unit, self.channel, self.transformation]
        options = {"since": self.since, "of": self.of.cell if self.of else "", "with": self.counterpart}
        key = [iris.local(part) for part in parts]
        key += [f"{name}={iris.local(value)}" for name, value in options.items() if value]
        return "|".join([*key, f"threshold={self.threshold}"] if self.threshold else key)

    @cached_property
    def cell(self) -> str:
        """The IRI of the cell with this key."""
        return iris.cell_iri(self.text)


@dataclass(frozen=True)
class Figure:
    """One observation: what it measures, its value and interval, who says so.

    A derived figure keeps document and origin of its operands, so that rules stay within one document; its own claim
    is nobody's but the derivation's.
    """

    iri: str
    key: Key
    unit: str
    value: Decimal
    interval: Interval
    status: str
    document: str
    attributed_to: str = ""
    basis: str = ""
    """Of a difference or growth: over whom it was computed; of a level that was derived from one: the same."""

    @property
    def context(self) -> tuple[str, str]:
        """Document and origin: only figures that share both are operands of one derivation."""
        return self.document, self.attributed_to


_REQUIRED = ("indicator", "refPeriod", "refArea", "observedUnit", "channel", "transformation")
_CLAIM = ("value", "unit", "status", "statedIn")
_OPTIONAL = (
    *("comparisonPeriod", "counterpart", "thresholdValue", "thresholdUnit", "thresholdComparator", "attributedTo"),
    *("wholeIndicator", "wholeChannel", "wholePeriod", "wholeObservedUnit"),
    *("qualifier", "statedValue", "unitMultiplier", "statedPrecision", "comparisonBasis"),
)
_OBSERVATIONS = f"SELECT DISTINCT ?o WHERE {{ ?o a <{TT.Observation}> }} ORDER BY ?o"
_SAID = "SELECT ?o ?value WHERE {{ ?o <{}> ?value }}"
_SAID_OF_OBSERVATIONS = f"SELECT ?o ?value WHERE {{{{ ?o a <{TT.Observation}> ; <{{}}> ?value }}}}"
_SHARED = ("channel", "statedIn", "attributedTo")
"""Properties that other records have as well, in a register a thousand times as often."""
_MISREAD = " ".join(f"<{iris.concept(f'code/{name}')}>" for name in ("misread-unit", "misread-scope"))
_SET_ASIDE = f"""SELECT DISTINCT ?figure WHERE {{
  {{ ?newer <{TT.revises}> ?figure }}
  UNION
  {{ VALUES ?verdict {{ {_MISREAD} }} ?assessment <{TT.assesses}> ?figure ; <{TT.verdict}> ?verdict }}
}}"""


def read(store: Store, graphs: Sequence[str]) -> list[Figure]:
    """The figures that sources state, sorted by IRI.

    An observation that lacks a dimension, its value or its document, or whose period is none, is left out: it has no
    cell, and the gate names what is wrong with it. One that says the same thing twice is kept once, with the first:
    the gate refuses it.

    Raises
    ------
    SourceError
        A value is not a decimal number, or a qualifier is unknown; the text names the observation.
    """
    needed = {*_REQUIRED, *_CLAIM}
    complete = ((iri, row) for iri, row in _rows(store, graphs) if needed <= row.keys())
    return [_figure(iri, row) for iri, row in complete if _has_periods(row)]


def _has_periods(row: Row) -> bool:
    """Whether what the row names as periods are periods."""
    named = [_text(row, name) for name in ("refPeriod", "comparisonPeriod", "wholePeriod") if name in row]
    return all(iris.is_period(period) for period in named)


def _rows(store: Store, graphs: Sequence[str]) -> Iterable[tuple[str, Row]]:
    """What is said of each observation, by name of the property.

    One scan of each property, joined here: a single query would look up every property of every observation in every
    graph, which costs ten times as much in a release of eight graphs, and more in a larger one.
    """
    rows: dict[str, dict[str, Term]] = {_text(row, "o"): {} for row in store.select(_OBSERVATIONS, graphs=graphs)}
    for name in (*_REQUIRED, *_CLAIM, *_OPTIONAL):
        said_by = _SAID_OF_OBSERVATIONS if name in _SHARED else _SAID
        for row in store.select(said_by.format(getattr(TT, name)), graphs=graphs):
            if (said := rows.get(_text(row, "o"))) is not None:
                said[name] = min(said.get(name, row["value"]), row["value"], key=str)
    return rows.items()


def current(figures: Iterable[Figure], store: Store, graphs: Sequence[str]) -> list[Figure]:
    """Those that may be operands: not revised by a later figure, not judged a misreading, and no policy's target.

    A figure is misread where an assessment of it has the verdict misread-unit or misread-scope: it counts something
    else than its cell says, and so would all that is computed from it. Other verdicts leave a figure as good as it is.
    """
    set_aside = {_text(row, "figure") for row in store.select(_SET_ASIDE, graphs=graphs)}
    return [figure for figure in figures if figure.iri not in set_aside and figure.status != TARGET]


def _figure(iri: str, row: Row) -> Figure:
    try:
        value, interval = _numbers(row)
        key = _key(row)
    except (ValueError, ArithmeticError) as error:
        raise SourceError(f"observation {iri}: {error}") from error
    return Figure(
        iri=iri,
        key=key,
        unit=_text(row, "unit"),
        value=value,
        interval=interval,
        status=_text(row, "status"),
        document=_text(row, "statedIn"),
        attributed_to=_text(row, "attributedTo"),
        basis=_text(row, "comparisonBasis"),
    )


def _numbers(row: Row) -> tuple[Decimal, Interval]:
    value = Decimal(_text(row, "value"))
    stated, multiplier = Decimal(_text(row, "statedValue") or value), int(_text(row, "unitMultiplier") or 0)
    step = Decimal(_text(row, "statedPrecision") or precision(stated, multiplier))
    qualifier = _text(row, "qualifier") or EXACT
    counts = _text(row, "unit") in _COUNTS
    transformation = _text(row, "transformation")
    return value, bounds(value, step, qualifier, whole_count=counts, transformation=transformation)


def _key(row: Row) -> Key:
    threshold = ""
    if "thresholdValue" in row:
        value = plain(Decimal(_text(row, "thresholdValue")))
        comparator, unit = (iris.local(_text(row, name)) for name in ("thresholdComparator", "thresholdUnit"))
        threshold = f"{comparator}:{value}:{unit}"
    indicator, period, area, observed_unit, channel, transformation = (_text(row, name) for name in _REQUIRED)
    since = _text(row, "comparisonPeriod")
    key = Key(indicator, period, area, observed_unit, channel, transformation, since=since, threshold=threshold)
    return replace(key, of=_whole(row, key), counterpart=_text(row, "counterpart"))


def _whole(row: Row, part: Key) -> Key | None:
    """The key of what a share is a share of: the part's own, but for the ``whole…`` properties.

    The counterpart is never the whole's ("income from SMEs" is a share of income), and a threshold stays only where
    the indicator does.
    """
    named = {name: _text(row, f"whole{name}") for name in ("Indicator", "Channel", "Period", "ObservedUnit")}
    if part.transformation != SHARE or not (any(named.values()) or "counterpart" in row):
        return None
    return replace(
        part,
        indicator=named["Indicator"] or part.indicator,
        channel=named["Channel"] or part.channel,
        period=named["Period"] or part.period,
        observed_unit=named["ObservedUnit"] or part.observed_unit,
        transformation=LEVEL,
        threshold="" if named["Indicator"] else part.threshold,
    )


def plain(number: Decimal) -> str:
    """A decimal as Oxigraph writes it: no exponent, no trailing zeros, no minus before zero."""
    return format(number.normalize() if number else Decimal(0), "f")


def _text(row: Row, name: str) -> str:
    return text_of(row.get(name))


def by_context(figures: Iterable[Figure]) -> Iterator[list[Figure]]:
    """Figures grouped by document and origin, groups and members in order."""
    groups: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures:
        groups.setdefault(figure.context, []).append(figure)
    yield from (groups[context] for context in sorted(groups))
