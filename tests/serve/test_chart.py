"""The chart: data in, SVG out."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree as Xml

import pytest

from kg.serve.views.chart import LEFT, RIGHT, ROW, TOP, WIDTH, Point, chart, quantity, said

SVG = "{http://www.w3.org/2000/svg}"
BILLION = 10**9


def point(period: str, value: str, lower: str = "", upper: str = "", **more: str) -> Point:
    low, middle, high = (Decimal(number or value) * BILLION for number in (lower, value, upper))
    source = more.get("source", "Gazette")
    return Point(period, middle, low, high, more.get("status", "reported"), more.get("qualifier", "exact"), (source,))


def drawn(*points: Point) -> Xml.Element:
    return Xml.fromstring(chart(points, title="Contract value", unit="yuan (CNY)"))  # noqa: S314


def figures(root: Xml.Element) -> list[Xml.Element]:
    return [group for group in root.iter(f"{SVG}g") if group.get("class") == "figure"]


def mark(figure: Xml.Element) -> Xml.Element:
    (found,) = (element for element in figure if "mark" in element.get("class", ""))
    return found


def place(figure: Xml.Element) -> tuple[float, float]:
    """Where the mark of a figure stands."""
    x, y = mark(figure).get("transform", "").removeprefix("translate(").removesuffix(")").split()
    return float(x), float(y)


def bars(figure: Xml.Element) -> list[Xml.Element]:
    """The bar over the interval, and its two ends."""
    return [element for element in figure if element.get("class") == "bar"]


def words(figure: Xml.Element) -> list[str]:
    return ["".join(text.itertext()) for text in figure.iter(f"{SVG}text")]


def test_no_figures_no_chart() -> None:
    assert chart([], title="Contract value", unit="CNY") == ""


def test_it_says_what_it_shows() -> None:
    root = drawn(point("2020", "125.6", "125.55", "125.65"))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Contract value, in billion yuan (CNY)"
    (figure,) = figures(root)
    assert words(figure) == ["2020 125.6 billion (125.55–125.65), reported", "Gazette"]
    assert figure.findtext(f"{SVG}title") == "2020: 125.6 billion yuan (CNY) (125.55–125.65), reported, Gazette"


def test_the_axis_starts_at_nought_and_names_its_unit() -> None:
    (axis,) = (group for group in drawn(point("2020", "125.6")).iter(f"{SVG}g") if group.get("class") == "axis")
    *ticks, unit = (text.text for text in axis.iter(f"{SVG}text"))
    assert ticks == ["0", "25", "50", "75", "100", "125"]
    assert unit == "billion yuan (CNY)"


def test_more_is_further_right_and_each_has_a_row_in_the_order_given() -> None:
    root = drawn(point("2019", "108.6"), point("2020", "125.6"), point("2020", "90"))
    places = [place(figure) for figure in figures(root)]
    assert places[2][0] < places[0][0] < places[1][0]
    assert [y - places[0][1] for _, y in places] == [0, ROW, 2 * ROW]


def test_everything_stays_inside() -> None:
    points = [point("2020", "1", "-5", "10", qualifier="over"), point("2021", "0"), point("2022", "-3")]
    root = drawn(*points)
    height = float(root.get("viewBox", "").split()[3])
    for x, y in map(place, figures(root)):
        assert LEFT <= x <= WIDTH - RIGHT
        assert TOP <= y <= height


def test_an_interval_narrower_than_its_mark_is_seen() -> None:
    (figure,) = figures(drawn(point("2020", "125.6", "125.5999", "125.6001")))
    ends = bars(figure)[1].get("d", "")
    assert ends.count("m0 -9v18") == 2
    assert float(mark(figure).get("r", "0")) < 9
    order = list(figure)
    assert order.index(mark(figure)) < order.index(bars(figure)[0])


def test_kinds_of_statement_differ_in_form() -> None:
    marks = [mark(figures(drawn(point("2020", "1", status=status)))[0]) for status in ("reported", "derived", "other")]
    assert len({(found.tag, found.get("d"), found.get("class")) for found in marks}) == 3


def test_a_hedged_figure_has_a_dashed_bar_and_says_so() -> None:
    exact, hedged = (figures(drawn(point("2020", "1", qualifier=word)))[0] for word in ("exact", "at-least"))
    assert bars(exact)[0].get("stroke-dasharray") is None
    assert bars(hedged)[0].get("stroke-dasharray")
    assert words(hedged)[0] == "2020 at least 1 billion, reported"


def test_a_bar_that_leaves_the_chart_ends_in_an_arrow() -> None:
    inside, beyond = (figures(drawn(point("2020", "1", upper=upper)))[0] for upper in ("1.05", "10"))
    assert bars(inside)[1].get("d", "").endswith("m0 -9v18")
    assert bars(beyond)[1].get("d", "").endswith("m-6 -6l6 6l-6 6")


def test_long_names_of_sources_are_cut_in_the_drawing_only() -> None:
    (figure,) = figures(drawn(point("2020", "1", source="Gazette " * 20)))
    assert words(figure)[1].endswith("…")
    assert "Gazette " * 20 in (figure.findtext(f"{SVG}title") or "")


def test_names_from_the_data_are_text() -> None:
    hostile = "</title><script>alert(1)</script>"
    svg = chart([point(hostile, "1", source=hostile)], title=hostile, unit=hostile)
    assert "<script" not in svg
    assert hostile in (figures(Xml.fromstring(svg))[0].findtext(f"{SVG}title") or "")  # noqa: S314


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("500000000", "500 million CNY"),
        ("0", "0 CNY"),
        ("-3000000000", "−3 billion CNY"),
        ("1234500000000", "1.2345 trillion CNY"),
        ("99.5", "99.5 CNY"),
    ],
)
def test_numbers_are_in_words_of_their_size(value: str, text: str) -> None:
    assert quantity(Decimal(value), "CNY") == text


def test_a_ratio_is_said_in_percent() -> None:
    assert [quantity(Decimal(value), "ratio") for value in ("-0.191", "0.1", "1")] == ["−19.1 %", "10 %", "100 %"]


def test_an_interval_is_said_in_the_words_of_its_value() -> None:
    assert said(point("2020", "1", "0.95", "1.05"), "CNY") == "1 billion CNY (0.95–1.05)"


@pytest.mark.parametrize("value", ["0", "0.000000001", "9.99", "123456789"])
def test_any_size_has_an_axis(value: str) -> None:
    labels = [text.text for text in drawn(point("2020", value)).iter(f"{SVG}text")]
    assert "0" in labels
    assert 5 <= len(labels) <= 14
