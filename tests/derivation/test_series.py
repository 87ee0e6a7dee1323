"""Growth across documents: between chosen levels of one key, and only where the documents agree."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from kg import iris
from kg.derivation import series
from kg.derivation.figures import LEVEL, Figure, Key
from kg.derivation.intervals import Interval
from kg.derivation.series import Standing, best

BEFORE, YEAR = (iris.identifier(f"period/CY{year}") for year in (2019, 2020))
KEY = Key("urn:indicator/a", YEAR, "urn:area/CN", "urn:population/a", "urn:channel/all", LEVEL)


def level(document: str, value: int, *, within: int = 1, **key: str) -> Figure:
    number, name = Decimal(value), "-".join([document, *key.values()])
    interval = Interval(number - within, number + within)
    return Figure(name, replace(KEY, **key), "urn:unit/CNY", number, interval, "reported", document)


def by_name(figure: Figure) -> Standing:
    """All alike but in precision: the name decides."""
    return Standing(figure.status, (), figure.interval, "", figure.iri)


def across(*figures: Figure) -> list[tuple[str, ...]]:
    return [tuple(operand.document for operand in made.operands) for made in series.across(figures, by_name)]


def test_levels_of_two_documents_give_growth_of_totals() -> None:
    (made,) = series.across([level("new", 120), level("old", 100, period=BEFORE)], by_name)
    assert (made.figure.value, made.figure.key.since) == (Decimal("0.2"), BEFORE)
    assert made.figure.basis == iris.concept("code/all-filers")


@pytest.mark.parametrize("other", ["observed_unit", "channel", "area", "counterpart", "threshold", "indicator"])
def test_levels_of_two_keys_give_none(other: str) -> None:
    assert across(level("new", 120), level("old", 100, period=BEFORE, **{other: "urn:x/other"})) == []


def test_the_first_of_several_levels_that_agree_is_taken() -> None:
    assert across(level("b", 121), level("a", 120), level("old", 100, period=BEFORE)) == [("a", "old")]


def test_levels_that_contradict_each_other_give_none() -> None:
    assert across(level("a", 120), level("b", 150), level("old", 100, period=BEFORE)) == []
    assert across(level("new", 120), level("a", 100, period=BEFORE), level("b", 50, period=BEFORE)) == []


def test_what_one_document_gives_is_left_to_its_own_rules() -> None:
    assert across(level("a", 120), level("b", 120), level("b", 100, period=BEFORE)) == []


def test_the_finer_of_two_levels_that_agree_is_taken() -> None:
    found = across(level("a", 122, within=5), level("b", 121), level("old", 100, period=BEFORE))
    assert found == [("b", "old")]


STANDINGS = {
    "official": Standing("reported", ("official",), Interval(Decimal(10), Decimal(20)), "2024", "a"),
    "finer": Standing("reported", ("mirror",), Interval(Decimal(17), Decimal(18)), "2024", "b"),
    "elsewhere": Standing("reported", ("press",), Interval(Decimal(30), Decimal(31)), "2024", "c"),
    "pressed": Standing("reported", ("press",), Interval(Decimal(12), Decimal(14)), "2024", "d"),
    "estimated": Standing("estimated", ("official",), Interval(Decimal(15), Decimal(15)), "2024", "e"),
    "mixed": Standing("reported", ("official", "mirror"), Interval(Decimal(40), Decimal(40)), "2024", "f"),
    "later": Standing("reported", ("mirror",), Interval(Decimal(17), Decimal(18)), "2024-05", "g"),
}


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (("official", "finer"), "finer"),
        (("official", "elsewhere"), "official"),
        (("official", "finer", "pressed"), "pressed"),
        (("official", "estimated"), "official"),
        (("elsewhere", "mixed"), "elsewhere"),
        (("finer", "later"), "later"),
    ],
)
def test_quality_decides_only_between_claims_that_disagree(names: tuple[str, ...], chosen: str) -> None:
    assert best(names, STANDINGS.__getitem__) == chosen
    assert best(reversed(names), STANDINGS.__getitem__) == chosen
