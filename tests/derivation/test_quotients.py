"""Averages: what is divided by what, and when the two are of one time."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg import iris
from kg.derivation.figures import LEVEL, Figure, Key
from kg.derivation.intervals import Interval
from kg.derivation.rules import derive


def level(indicator: str, value: int, unit: str, channel: str, period: str) -> Figure:
    key = Key(
        iris.identifier(f"indicator/{indicator}"),
        iris.identifier(f"period/{period}"),
        iris.identifier("area/CN"),
        iris.identifier("population/ncste-filers"),
        iris.concept(f"channel/{channel}"),
        LEVEL,
    )
    number = Decimal(value)
    iri = f"urn:{indicator}"
    return Figure(iri, key, iris.concept(f"unit/{unit}"), number, Interval(number, number), "reported", "urn:doc")


VALUE = level("contract-value", 600, "CNY", "six-ways", "CY2024")
COUNT = level("contract-count", 30, "count", "six-ways", "CY2024")


@pytest.mark.parametrize(
    ("dividend", "divisor", "indicator", "unit", "value"),
    [
        (VALUE, COUNT, "average-contract-value", "CNY", 20),
        (VALUE, level("full-time-staff", 60, "person", "all", "2024-12-31"), "contract-value-per-staff", "CNY", 10),
        (COUNT, level("filers", 10, "count", "all", "CY2024"), "contracts-per-institution", "count", 3),
        (
            level("researcher-rewards", 100, "CNY", "all", "CY2024"),
            level("rewarded-researchers", 5, "person", "all", "CY2024"),
            "average-reward",
            "CNY",
            20,
        ),
    ],
)
def test_averages(dividend: Figure, divisor: Figure, indicator: str, unit: str, value: int) -> None:
    (made,) = derive([dividend, divisor], [], frozenset())
    assert made.operands == (dividend, divisor)
    assert (iris.local(made.figure.key.indicator), iris.local(made.figure.unit)) == (indicator, unit)
    assert (made.figure.value, made.figure.key.channel) == (value, dividend.key.channel)


@pytest.mark.parametrize(
    "divisor",
    [
        level("full-time-staff", 60, "person", "all", "2023-12-31"),
        level("contract-count", 30, "count", "rights-based", "CY2024"),
        level("contract-count", 30, "person", "six-ways", "CY2024"),
        level("contract-count", 0, "count", "six-ways", "CY2024"),
    ],
    ids=["staff of another year", "another way of transfer", "another unit", "none"],
)
def test_what_does_not_fit_gives_no_average(divisor: Figure) -> None:
    assert derive([VALUE, divisor], [], frozenset()) == []
