"""The rules that make new figures out of stated ones: sums, levels of the year before, growth, shares, averages.

Each rule takes the figures of one context (one document, one origin) and yields derived figures. Nothing crosses
documents, so a derived figure is as good as the one document behind it; those of different documents meet in the cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kg import iris
from kg.derivation.figures import DERIVED, DIFFERENCE, GROWTH, LEVEL, SHARE, Figure, Key
from kg.derivation.intervals import Interval, quotient
from kg.derivation.partitions import DIMENSIONS, Partition
from kg.derivation.quotients import quotients

RATIO = iris.concept("unit/ratio")
RANK = iris.concept("unit/rank")
ALL_FILERS = iris.concept("code/all-filers")
MATCHED_FILERS = iris.concept("code/matched-filers")
SUM, SUBTRACT, DIVIDE, RATIO_MINUS_ONE = (
    iris.concept(f"code/{name}") for name in ("sum", "subtract", "divide", "ratio-minus-one")
)

_ONE = Decimal(1)
_ORGANIZATIONS = iris.identifier("org/")


@dataclass(frozen=True)
class Derived:
    """A derived figure with the operation and operands behind it."""

    figure: Figure
    operation: str
    operands: tuple[Figure, ...]
    whole: tuple[str, str] = ("", "")
    """For a share: the ``whole…`` property that names the whole, by the field of `Key`, and its value."""


class Figures:
    """The figures of one context, found by key and unit; a stated one comes before a derived one of the same cell."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._by_cell: dict[tuple[Key, str], Figure] = {}
        self._levels: dict[tuple[str, str], list[Figure]] = {}
        for figure in figures:
            self.add(figure)

    def add(self, figure: Figure) -> None:
        """Make a figure available as an operand, unless its cell has one in this unit already."""
        if (cell := (figure.key, figure.unit)) in self._by_cell:
            return
        self._by_cell[cell] = figure
        if figure.key.transformation == LEVEL:
            for dimension in DIMENSIONS:
                self._levels.setdefault((dimension, getattr(figure.key, dimension)), []).append(figure)

    def find(self, unit: str, key: Key) -> Figure | None:
        """The figure of a cell in a unit, if the document states or implies one."""
        return self._by_cell.get((key, unit))

    def levels(self) -> list[Figure]:
        """All figures that are levels."""
        return [figure for figure in self._by_cell.values() if figure.key.transformation == LEVEL]

    def levels_of(self, dimension: str, value: str) -> list[Figure]:
        """Those levels whose keys have this value in a dimension, found without looking at the others."""
        return list(self._levels.get((dimension, value), ()))

    def differences(self) -> list[Figure]:
        """All figures that are differences over time."""
        return [figure for figure in self._by_cell.values() if figure.key.transformation == DIFFERENCE]


def derive(stated: Iterable[Figure], partitions: Sequence[Partition], additive: frozenset[str]) -> list[Derived]:
    """All figures that follow from those of one context, in the order of the rules.

    Parameters
    ----------
    stated
        Current figures of one document and origin.
    partitions
        What may be added up, parts first: see `kg.derivation.partitions.read`.
    additive
        IRIs of indicators whose parts add up to the whole.
    """
    figures = Figures(stated)
    rules: tuple[Callable[[], Iterator[Derived]], ...] = (
        lambda: _sums(figures, partitions, additive),
        lambda: _levels_before(figures),
        lambda: _growth(figures),
        lambda: _shares(figures, partitions, additive),
        lambda: _averages(figures),
    )
    found: list[Derived] = []
    for rule in rules:
        for derived in rule():
            figures.add(derived.figure)
            found.append(derived)
    return found


def _sums(figures: Figures, partitions: Sequence[Partition], additive: frozenset[str]) -> Iterator[Derived]:
    """Whole = sum of its parts, where the document has every part.

    Sources cut one whole differently (clients with or without private persons): where the document has the parts of a
    partition and more that another one counts, only the other one is the whole.
    """
    for partition in partitions:
        wider = [other for other in partitions if partition.within(other)]
        for first in _members(figures, partition.parts[0], partition.dimension, additive):
            operands = _operands(figures, first, partition)
            if operands and not any(_operands(figures, first, other) for other in wider):
                value = sum((part.value for part in operands), Decimal(0))
                interval = sum((part.interval for part in operands[1:]), operands[0].interval)
                key = partition.key(first.key, partition.whole)
                yield _derived(SUM, operands, key, (value, interval))


def _operands(figures: Figures, first: Figure, partition: Partition) -> tuple[Figure, ...]:
    """The figures of all parts, alike but for the part; empty where one is missing."""
    parts = [figures.find(first.unit, partition.key(first.key, part)) for part in partition.parts]
    return tuple(part for part in parts if part) if all(parts) else ()


def _levels_before(figures: Figures) -> Iterator[Derived]:
    """Level of the earlier period = level - difference, but for a difference among matched filers: it says nothing
    about the total of the year before, which other institutions made up as well.
    """
    for change in figures.differences():
        if change.basis == MATCHED_FILERS:
            continue
        key = replace(change.key, transformation=LEVEL, since="")
        if level := figures.find(change.unit, key):
            before = replace(key, period=change.key.since)
            amount = level.value - change.value, level.interval - change.interval
            yield _derived(SUBTRACT, (level, change), before, amount, basis=change.basis)


def _growth(figures: Figures) -> Iterator[Derived]:
    """Growth between the levels of a year and the year before, where the document has both."""
    for level in figures.levels():
        if before := figures.find(level.unit, replace(level.key, period=iris.year_before(level.key.period))):
            yield from growth(level, before)


def growth(level: Figure, before: Figure) -> Iterator[Derived]:
    """Growth = level / level of the year before - 1, computed from totals and therefore over all filers.

    If one of the levels was derived from a difference, the growth is on the basis of that difference. There is nothing
    for rates and ranks, nor where the earlier level may be zero, nor for one counterpart of one organization: where
    there are statistics of institutions there are several of these for each total, and any query can divide two years.
    """
    is_detail = level.key.counterpart and level.key.observed_unit.startswith(_ORGANIZATIONS)
    if level.unit not in (RATIO, RANK) and before.interval.low > 0 and not is_detail:
        key = replace(level.key, transformation=GROWTH, since=before.key.period)
        ratio = level.interval / before.interval
        amount = quotient(level.value, before.value) - _ONE, Interval(ratio.low - _ONE, ratio.high - _ONE)
        basis = level.basis or before.basis or ALL_FILERS
        yield _derived(RATIO_MINUS_ONE, (level, before), key, amount, unit=RATIO, basis=basis)


def _shares(figures: Figures, partitions: Sequence[Partition], additive: frozenset[str]) -> Iterator[Derived]:
    """Share of a part in its whole: its bounds are never beyond 0 and 1, since a part is not more than its whole, but
    where the source says so all the same.

    Not of areas, nor of counterparts: a register has several for each figure, and any query can divide by the total.
    """
    for partition in partitions:
        for part in [p for name in partition.parts for p in _members(figures, name, partition.dimension, additive)]:
            whole = figures.find(part.unit, partition.key(part.key, partition.whole))
            if whole and whole.interval.low > 0 and partition.dimension not in ("area", "counterpart"):
                key = replace(part.key, transformation=SHARE, of=whole.key)
                ratio = part.interval / whole.interval
                value = quotient(part.value, whole.value)
                low, high = min(max(ratio.low, Decimal(0)), value), max(min(ratio.high, _ONE), value)
                amount = value, Interval(low, high)
                named = (partition.dimension, partition.whole)
                yield _derived(DIVIDE, (part, whole), key, amount, unit=RATIO, whole=named)


def _averages(figures: Figures) -> Iterator[Derived]:
    """The indicators of `kg.derivation.quotients`, where the document has both operands."""
    for total in figures.levels():
        for average in quotients(total.key):
            number = figures.find(*average.divided_by(total.key))
            if number and number.interval.low > 0:
                amount = quotient(total.value, number.value), total.interval / number.interval
                yield _derived(DIVIDE, (total, number), average.key(total.key), amount)


def _derived(
    operation: str,
    operands: tuple[Figure, ...],
    key: Key,
    amount: tuple[Decimal, Interval],
    *,
    unit: str = "",
    basis: str = "",
    whole: tuple[str, str] = ("", ""),
) -> Derived:
    iri = iris.derived_observation_iri(iris.local(operation), *(operand.iri for operand in operands))
    first = operands[0]
    figure = Figure(iri, key, unit or first.unit, *amount, DERIVED, first.document, first.attributed_to, basis)
    return Derived(figure, operation, operands, whole)


def _members(figures: Figures, part: str, dimension: str, additive: frozenset[str]) -> list[Figure]:
    """Levels of one part of a partition; what is divided by indicator is additive because the partition says so."""
    levels = figures.levels_of(dimension, part)
    return [level for level in levels if dimension == "indicator" or level.key.indicator in additive]
