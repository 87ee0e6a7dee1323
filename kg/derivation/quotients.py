"""Averages: the indicators that are one indicator divided by another, per contract, per head or per institution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg import iris
from kg.derivation.figures import Key


@dataclass(frozen=True)
class Quotient:
    """An indicator that is one indicator divided by another, of the same area and units observed.

    Indicators and units go by the last segment of their IRIs.

    Attributes
    ----------
    unit
        What the divisor is counted in.
    per_contract
        Whether the divisor is broken down by way of transfer as the dividend is; people and institutions are not.
    at_end
        Whether the divisor is counted on the last day of the dividend's period, and not over it.
    """

    indicator: str
    dividend: str
    divisor: str
    unit: str
    per_contract: bool = False
    at_end: bool = False

    def divided_by(self, dividend: Key) -> tuple[str, Key]:
        """The unit and the key of what a figure is divided by."""
        period = iris.last_day(dividend.period) if self.at_end else dividend.period
        channel = dividend.channel if self.per_contract else iris.concept("channel/all")
        key = replace(dividend, indicator=_indicator(self.divisor), period=period, channel=channel)
        return iris.concept(f"unit/{self.unit}"), key

    def key(self, dividend: Key) -> Key:
        """The key of the average."""
        return replace(dividend, indicator=_indicator(self.indicator))


QUOTIENTS = (
    Quotient("average-contract-value", "contract-value", "contract-count", "count", per_contract=True),
    Quotient("average-reward", "researcher-rewards", "rewarded-researchers", "person"),
    Quotient("contract-value-per-staff", "contract-value", "full-time-staff", "person", at_end=True),
    Quotient("contracts-per-institution", "contract-count", "filers", "count"),
)


def quotients(dividend: Key) -> Iterator[Quotient]:
    """The averages that a level with this key is the dividend of."""
    yield from (quotient for quotient in QUOTIENTS if _indicator(quotient.dividend) == dividend.indicator)


def _indicator(name: str) -> str:
    return iris.identifier(f"indicator/{name}")
