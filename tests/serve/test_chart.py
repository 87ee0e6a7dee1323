"""The chart: data in, SVG out."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree as Xml

import pytest

from kg.serve.chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Point, chart, said

SVG = "{http://www.w3.org/2000/svg}"
BILLION = 10**9


def point(year: int, value: str, *, lower: str = "", upper: str = "", status: str = "reported", **more: str) -> Point:
    low, middle, high = (Decimal(number or value) * BILLION for number in (lower, value, upper))
    return Point(year, middle, low, high, status, more.get("qualifier", "exact"), (more.get("source", "Gazette"),))


def drawn(*points: Point) -> Xml.Element:
    return Xml.fromstring(chart(points, title="Contract value", unit="CNY"))  # noqa: S314


def figures(root: Xml.Element) -> list[Xml.Element]:
    return [group for group in root.iter(f"{SVG}g") if "figure" in group.get("class", "")]


def place(figure: Xml.Element) -> tuple[float, float]:
    """Where the mark of a figure stands."""
    (mark,) = (element for element in figure if "mark" in element.get("class", ""))
    x, y = mark.get("transform", "").removeprefix("translate(").removesuffix(")").split()
    return float(x), float(y)


def test_no_figures_no_chart() -> None:
    assert chart([], title="Contract value", unit="CNY") == ""


def test_it_says_what_it_shows() -> None:
    root = drawn(point(2020, "125.6", lower="125.55", upper="125.65"))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Contract value, in billion CNY"
    assert {"billion CNY", "125.6", "2020"} <= {text.text for text in root.iter(f"{SVG}text")}
    assert figures(root)[0].findtext(f"{SVG}title") == ("2020: 125.6 billion CNY (125.55 to 125.65), reported, Gazette")


def test_later_is_further_right_and_more_is_higher() -> None:
    places = [place(figure) for figure in figures(drawn(point(2019, "108.6"), point(2020, "125.6"), point(2021, "90")))]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert places[1][1] < places[0][1] < places[2][1]


def test_everything_stays_inside() -> None:
    root = drawn(*(point(2020, "1", lower="-5", upper="10", qualifier="over") for _ in range(3)), point(2021, "0"))
    for x, y in map(place, figures(root)):
        assert LEFT <= x <= WIDTH - RIGHT
        assert TOP <= y <= HEIGHT - BOTTOM


def test_figures_of_one_year_stand_side_by_side() -> None:
    places = [place(figure)[0] for figure in figures(drawn(point(2020, "1"), point(2020, "1"), point(2020, "1")))]
    assert len(set(places)) == 3
    assert sum(places) / 3 == pytest.approx(place(figures(drawn(point(2020, "1")))[0])[0])


def test_kinds_of_statement_differ_in_form() -> None:
    forms = []
    for status in ("reported", "derived", "estimated"):
        (figure,) = figures(drawn(point(2020, "1", status=status)))
        (mark,) = (element for element in figure if "mark" in element.get("class", ""))
        forms.append((mark.tag, mark.get("d"), mark.get("class")))
    assert len(set(forms)) == 3


def test_a_hedged_figure_has_a_dashed_bar_and_says_so() -> None:
    exact, hedged = (figures(drawn(point(2020, "1", qualifier=word)))[0] for word in ("exact", "at-least"))
    assert exact.find(f"{SVG}path").get("stroke-dasharray") is None
    assert hedged.find(f"{SVG}path").get("stroke-dasharray")
    assert hedged.findtext(f"{SVG}title").startswith("2020: at least 1 billion CNY")


def test_a_bar_that_leaves_the_chart_ends_in_an_arrow() -> None:
    inside, beyond = (figures(drawn(point(2020, "1", upper=upper)))[0] for upper in ("1.05", "10"))
    assert inside.findall(f"{SVG}path")[1].get("d").endswith("m-4 0h8")
    assert beyond.findall(f"{SVG}path")[1].get("d").endswith("m-4 6l4 -6l4 6")


def test_names_from_the_data_are_text() -> None:
    hostile = "</title><script>alert(1)</script>"
    svg = chart([point(2020, "1", source=hostile)], title=hostile, unit=hostile)
    assert "<script" not in svg
    assert hostile in figures(Xml.fromstring(svg))[0].findtext(f"{SVG}title")  # noqa: S314


@pytest.mark.parametrize(
    ("value", "text"),
    [("0.5", "500 million CNY"), ("0", "0 CNY"), ("-3", "-3 billion CNY"), ("1234.5", "1.2345 trillion CNY")],
)
def test_numbers_are_in_words_of_their_size(value: str, text: str) -> None:
    assert f" {text} (" in said(point(2020, value), "CNY")


@pytest.mark.parametrize("value", ["0", "0.000000001", "9.99", "123456789"])
def test_any_size_has_an_axis(value: str) -> None:
    labels = [text.text for text in drawn(point(2020, value)).iter(f"{SVG}text")]
    assert "0" in labels
    assert "2020" in labels
    assert 4 <= len(labels) <= 12
