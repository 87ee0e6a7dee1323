"""How rules find their operands; what they make of them is in test_worked_case."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kg import iris
from kg.derivation.figures import GROWTH, LEVEL, Figure, Key
from kg.derivation.intervals import Interval
from kg.derivation.partitions import Partition
from kg.derivation.rules import Figures, derive

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


def level(value: int, **key: str) -> Figure:
    amount = Decimal(value)
    made = replace(figure(f"urn:{value}", period=PERIOD, **key), value=amount, interval=Interval(amount, amount))
    return replace(made, unit="urn:unit/GBP")


def counterpart(name: str) -> str:
    return iris.concept(f"counterpart/{name}")


PERIOD = iris.identifier("period/CY2020")
ORG, POPULATION = iris.identifier("org/a"), iris.identifier("population/a")
EVERY = counterpart("all")
CLIENTS = Partition(EVERY, (counterpart("sme"), counterpart("large-firm")))
LEARNERS = Partition(EVERY, (*CLIENTS.parts, counterpart("individual")))


def sums(*levels: Figure) -> dict[str, Decimal]:
    """Sums over counterparts, by the counterpart that they are for."""
    found = derive(levels, [CLIENTS, LEARNERS], frozenset({KEY.indicator}))
    return {item.figure.key.counterpart: item.figure.value for item in found}


def test_the_sum_over_counterparts_is_a_figure_without_one() -> None:
    clients = [level(number, counterpart=part) for number, part in enumerate(CLIENTS.parts, start=2)]
    assert sums(*clients) == {"": Decimal(5)}


def test_where_a_document_has_more_parts_only_the_sum_of_all_is_the_whole() -> None:
    learners = [level(number, counterpart=part) for number, part in enumerate(LEARNERS.parts, start=2)]
    assert sums(*learners) == {"": Decimal(9)}
    assert sums(*learners[1:]) == {}


def test_counterparts_have_no_shares() -> None:
    clients = [level(10), level(4, counterpart=CLIENTS.parts[0]), level(6, counterpart=CLIENTS.parts[1])]
    found = derive(clients, [CLIENTS], frozenset({KEY.indicator}))
    assert [(item.operation, item.figure.value) for item in found] == [(iris.concept("code/sum"), Decimal(10))]


def test_a_part_that_a_source_makes_larger_than_its_whole_keeps_its_share() -> None:
    kinds = Partition(iris.concept("channel/all"), tuple(iris.concept(f"channel/{name}") for name in ("a", "b")))
    figures = [level(10, channel=kinds.whole), level(15, channel=kinds.parts[0])]
    (share,) = derive(figures, [kinds], frozenset({KEY.indicator}))
    assert share.figure.value == Decimal("1.5")
    assert share.figure.interval.low <= share.figure.value <= share.figure.interval.high


def test_growth_is_of_totals_and_for_one_organization_not_of_its_counterparts() -> None:
    levels = [
        replace(level(value, observed_unit=unit, counterpart=side), unit="urn:unit/GBP")
        for value, unit, side in ((4, ORG, ""), (5, ORG, CLIENTS.parts[0]), (6, POPULATION, CLIENTS.parts[0]))
    ]
    before = [
        replace(item, iri=f"{item.iri}-2019", key=replace(item.key, period=iris.year_before(PERIOD))) for item in levels
    ]
    found = derive([*levels, *before], [], frozenset())
    assert [(item.figure.key.observed_unit, item.figure.key.counterpart) for item in found] == [
        (ORG, ""),
        (POPULATION, CLIENTS.parts[0]),
    ]
