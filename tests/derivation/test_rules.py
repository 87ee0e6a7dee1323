"""How rules find their operands; what they make of them is in test_worked_case."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kg.derivation.figures import GROWTH, LEVEL, Figure, Key
from kg.derivation.intervals import Interval
from kg.derivation.rules import Figures

ONE = Decimal(1)
KEY = Key("urn:indicator/a", "urn:period/CY2020", "urn:area/CN", "urn:org/a", "urn:channel/all", LEVEL)


def figure(iri: str, **key: str) -> Figure:
    return Figure(iri, replace(KEY, **key), "urn:unit/count", ONE, Interval(ONE, ONE), "reported", "urn:doc/a")


def test_levels_are_found_by_any_dimension_that_a_partition_can_have() -> None:
    here, there = figure("urn:here"), figure("urn:there", area="urn:area/FR", channel="urn:channel/licensing")
    figures = Figures([here, there])
    assert figures.levels_of("area", "urn:area/FR") == figures.levels_of("channel", "urn:channel/licensing") == [there]
    assert (
        figures.levels_of("indicator", KEY.indicator)
        == figures.levels_of("observed_unit", "urn:org/a")
        == [here, there]
    )
    assert figures.levels_of("area", "urn:area/US") == []


def test_a_figure_added_later_is_found_unless_its_cell_has_one_or_it_is_no_level() -> None:
    figures = Figures([first := figure("urn:first")])
    for added in (figure("urn:second"), first, figure("urn:growth", transformation=GROWTH)):
        figures.add(added)
    figures.add(later := figure("urn:later", period="urn:period/CY2021"))
    assert figures.levels_of("area", KEY.area) == figures.levels() == [first, later]
    assert figures.find("urn:unit/count", KEY) is first
