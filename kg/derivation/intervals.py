"""Intervals: what a stated number allows, and arithmetic over them. Pure functions on decimals.

The rules are those of ontology-design section 6. Derived bounds are interval arithmetic with independent operands
(Moore, Interval Analysis, 1966, ch. 2): where operands depend on each other the result is wider than need be, never
narrower, so that no conflict is claimed that is only rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

from kg.iris import local

ONE_SIDED_CAP = 10
"""``over 5`` is read as 5 to 50: a cap that keeps the interval finite, not a claim."""

_DIGITS = 12
_PLACES = Decimal(1).scaleb(-15)  # Oxigraph keeps 18 places after the point; beyond, a decimal is no number to it


@dataclass(frozen=True)
class Interval:
    """A closed interval of decimals, ``low`` ≤ ``high``."""

    low: Decimal
    high: Decimal

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __truediv__(self, other: Interval) -> Interval:
        """All quotients, rounded outward; ZeroDivisionError where the divisor holds zero."""
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError("the divisor's interval holds zero")
        pairs = [(n, d) for n in (self.low, self.high) for d in (other.low, other.high)]
        return Interval(
            min(quotient(n, d, ROUND_FLOOR) for n, d in pairs), max(quotient(n, d, ROUND_CEILING) for n, d in pairs)
        )

    @property
    def width(self) -> Decimal:
        """How far apart its ends are."""
        return self.high - self.low

    def meets(self, other: Interval) -> bool:
        """Whether the two share a point: claims whose intervals meet do not conflict."""
        return self.low <= other.high and other.low <= self.high


def quotient(numerator: Decimal, denominator: Decimal, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """The quotient to 12 significant digits and at most 15 places after the point."""
    exact = Context(prec=_DIGITS, rounding=rounding).divide(numerator, denominator)
    exponent = exact.as_tuple().exponent
    return exact.quantize(_PLACES, rounding=rounding) if isinstance(exponent, int) and exponent < -15 else exact  # noqa: PLR2004


def precision(stated: Decimal, multiplier: int) -> Decimal:
    """The place of the last digit that a number was written to, in its unit, where the source's text is not at hand.

    Trailing zeros before the point may be rounding, so the last non-zero digit counts (125,600,000,000 is known to
    10^8): wider at worst. In percent (multiplier -2) they are not: 10 percent is known to one percentage point.
    """
    exponent = stated.normalize().as_tuple().exponent if stated else 0
    assert isinstance(exponent, int)  # noqa: S101 - a decimal read from data is finite
    return Decimal(1).scaleb((min(exponent, 0) if multiplier == -2 else exponent) + multiplier)  # noqa: PLR2004


def bounds(value: Decimal, step: Decimal, qualifier: str, *, whole_count: bool, transformation: str) -> Interval:
    """The interval that a stated value allows.

    Parameters
    ----------
    value
        The value, normalised to its unit.
    step
        Its stated precision in the unit, > 0: 100000000 for "125.6 billion".
    qualifier
        IRI of a qualifier code: exact, about, over, at-least, under, at-most.
    whole_count
        Whether the unit counts things or persons; such a number, written to the last digit, is exact.
    transformation
        IRI of a transformation code: no share passes 0 or 1, no growth falls below -1.

    Raises
    ------
    ValueError
        The qualifier is none of the six.
    """
    interval = _qualified(value, step, local(qualifier), whole_count)
    return _within(interval, value, local(transformation))


def _qualified(value: Decimal, step: Decimal, qualifier: str, whole_count: bool) -> Interval:
    match qualifier:
        case "exact" if whole_count and step == 1 and value == value.to_integral_value():
            return Interval(value, value)
        case "exact":
            return Interval(value - step / 2, value + step / 2)
        case "about":
            return Interval(value - step, value + step)
        case "over" | "at-least":
            return _signed(abs(value), ONE_SIDED_CAP * abs(value), value)
        case "under" | "at-most":
            return _signed(Decimal(0), abs(value), value)
    raise ValueError(f"unknown qualifier {qualifier}")


def _signed(low: Decimal, high: Decimal, sign_of: Decimal) -> Interval:
    return Interval(-high, -low) if sign_of < 0 else Interval(low, high)


def _within(interval: Interval, value: Decimal, transformation: str) -> Interval:
    """Cut what cannot be, but never the value itself: data that is faithful to a wrong source must load."""
    low, high = interval.low, interval.high
    if transformation == "share":
        low, high = max(low, Decimal(0)), min(high, Decimal(1))
    elif transformation == "growth":
        low = max(low, Decimal(-1))
    return Interval(min(low, value), max(high, value))
