"""Bounds: every rule of the model as a row, and what holds whatever the number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import iris
from kg.derivation.intervals import Interval, bounds, precision, quotient

D = Decimal

CASES = [
    # value, step, qualifier, whole count, transformation, low, high
    ("3554", "1", "exact", True, "level", "3554", "3554"),
    ("3554", "1", "exact", False, "level", "3553.5", "3554.5"),
    ("4000", "100", "exact", True, "level", "3950", "4050"),
    ("125.6e9", "1e8", "exact", False, "level", "125.55e9", "125.65e9"),
    ("261", "1", "about", True, "level", "260", "262"),
    ("0.1", "0.01", "about", False, "growth", "0.09", "0.11"),
    ("5", "1", "over", False, "level", "5", "50"),
    ("5", "1", "at-least", False, "level", "5", "50"),
    ("5", "1", "under", False, "level", "0", "5"),
    ("5", "1", "at-most", False, "level", "0", "5"),
    ("-0.05", "0.01", "over", False, "growth", "-0.5", "-0.05"),
    ("-0.2", "0.01", "over", False, "growth", "-1", "-0.2"),
    ("-5", "1", "under", False, "difference", "-5", "0"),
    ("0.999", "0.01", "exact", False, "share", "0.994", "1"),
    ("0.6", "0.1", "over", False, "share", "0.6", "1"),
    ("0.001", "0.01", "about", False, "share", "0", "0.011"),
    ("1.2", "0.1", "exact", False, "share", "1.15", "1.2"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case[:5])))
def test_bounds(case: tuple[str, str, str, bool, str, str, str]) -> None:
    value, step, qualifier, counts, transformation, low, high = case
    got = bounds(
        D(value),
        D(step),
        iris.concept(f"code/{qualifier}"),
        whole_count=counts,
        transformation=iris.concept(f"code/{transformation}"),
    )
    assert got == Interval(D(low), D(high))


def test_unknown_qualifier_is_refused() -> None:
    with pytest.raises(ValueError, match="nearly"):
        bounds(D(1), D(1), "nearly", whole_count=True, transformation="level")


@pytest.mark.parametrize(
    ("stated", "multiplier", "step"),
    [("125600000000", 0, "1e8"), ("125.6", 9, "1e8"), ("466882", 0, "1"), ("17", 9, "1e9"), ("10", -2, "0.01"),
     ("12.6", -2, "0.001"), ("0", 0, "1"), ("1085.9", 8, "1e7"), ("3000", 4, "1e7")],
)  # fmt: skip
def test_precision_of_a_bare_number(stated: str, multiplier: int, step: str) -> None:
    assert precision(D(stated), multiplier) == D(step)


numbers = st.decimals(-(10**12), 10**12, places=3)
intervals = st.tuples(numbers, numbers).map(lambda pair: Interval(min(pair), max(pair)))
qualifiers = st.sampled_from(["exact", "about", "over", "at-least", "under", "at-most"])


@given(
    numbers, st.integers(-3, 9), qualifiers, st.booleans(), st.sampled_from(["level", "growth", "share", "difference"])
)
def test_bounds_enclose_the_value(value: Decimal, exponent: int, qualifier: str, counts: bool, kind: str) -> None:
    interval = bounds(value, D(1).scaleb(exponent), qualifier, whole_count=counts, transformation=kind)
    assert interval.low <= value <= interval.high


@given(intervals, intervals, st.decimals(0, 1, places=3), st.decimals(0, 1, places=3))
def test_arithmetic_encloses_the_result_of_any_two_members(a: Interval, b: Interval, s: Decimal, t: Decimal) -> None:
    x, y = a.low + s * (a.high - a.low), b.low + t * (b.high - b.low)
    total, difference = a + b, a - b
    assert total.low <= x + y <= total.high
    assert difference.low <= x - y <= difference.high
    if not b.low <= 0 <= b.high:
        ratio = a / b
        assert ratio.low <= quotient(x, y) <= ratio.high


@given(intervals, intervals)
def test_meeting_is_symmetric_and_is_sharing_a_point(a: Interval, b: Interval) -> None:
    assert a.meets(b) == b.meets(a) == (max(a.low, b.low) <= min(a.high, b.high))


def test_dividing_by_an_interval_that_holds_zero_is_refused() -> None:
    with pytest.raises(ZeroDivisionError):
        _ = Interval(D(1), D(2)) / Interval(D(-1), D(1))


def test_quotients_stay_within_what_the_store_keeps() -> None:
    assert quotient(D(1), D(3) * 10**9).as_tuple().exponent == -15
