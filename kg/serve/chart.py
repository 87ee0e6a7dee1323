"""A chart of figures by year with their intervals, as SVG; data in, text out.

Each figure is a mark at its value and a bar over its interval. What kind of statement it is shows in the form of the
mark and of the bar, not in colour: a filled circle is reported, a hollow diamond derived, a filled square restated or
estimated, and a bar is dashed where the source hedges. A bar that would leave the chart ("over 100") ends in an arrow.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from xml.etree import ElementTree as Xml

WIDTH, HEIGHT = 720.0, 360.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 16.0, 36.0, 36.0
_STEP_BESIDE = 14.0
_HEADROOM = 1.1
_TICKS = 5
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (1, ""))


@dataclass(frozen=True)
class Point:
    """One figure: its year, value and interval, and what a reader should know of it."""

    year: int
    value: Decimal
    lower: Decimal
    upper: Decimal
    status: str
    qualifier: str
    sources: tuple[str, ...]

    @property
    def hedged(self) -> bool:
        """Whether the source says about, over, at least or the like."""
        return self.qualifier != "exact"


@dataclass(frozen=True)
class _Scale:
    """From years and values to places in the drawing."""

    first: int
    last: int
    highest: float
    divisor: int
    beside: Counter[int] = field(default_factory=Counter)

    def x(self, year: int) -> float:
        span = max(self.last - self.first, 1)
        share = (year - self.first) / span if self.last > self.first else 0.5
        margin = (WIDTH - LEFT - RIGHT) * 0.08
        return LEFT + margin + share * (WIDTH - LEFT - RIGHT - 2 * margin)

    def y(self, value: float | Decimal) -> float:
        share = min(max(float(value) / self.highest, 0.0), 1.0)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def place_beside(self, year: int) -> tuple[float, int]:
        """The next free place for a mark of this year, and how many it has already: they stand side by side."""
        number = self.beside[year]
        self.beside[year] += 1
        side = 1 if number % 2 else -1
        return self.x(year) + side * math.ceil(number / 2) * _STEP_BESIDE, number


def chart(points: Sequence[Point], *, title: str, unit: str) -> str:
    """The SVG of figures in one unit, or an empty text where there are none."""
    if not points:
        return ""
    scale = _scale(points)
    in_unit = f"{dict(_SCALES)[scale.divisor]} {unit}".strip()
    root = Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH:g} {HEIGHT:g}",
            "role": "img",
            "class": "chart",
        },
    )
    Xml.SubElement(root, "title").text = f"{title}, in {in_unit}"
    _label(root, LEFT, TOP - 18, in_unit, "start")
    _axes(root, scale, points)
    for point in sorted(points, key=lambda point: (point.year, point.value)):
        _figure(root, scale, point, unit)
    return Xml.tostring(root, encoding="unicode")


def said(point: Point, unit: str) -> str:
    """A figure in words: ``2020: 125.6 billion CNY (125.55 to 125.65), reported, Global Times``."""
    divisor, name = _divisor(float(point.value))
    low, value, high = (f"{float(number) / divisor:,.10g}" for number in (point.lower, point.value, point.upper))
    hedge = f"{point.qualifier.replace('-', ' ')} " if point.hedged else ""
    quantity = " ".join(filter(None, (value, name, unit)))
    return f"{point.year}: {hedge}{quantity} ({low} to {high}), {point.status}, {'; '.join(point.sources)}"


def _scale(points: Sequence[Point]) -> _Scale:
    years = [point.year for point in points]
    highest = max(float(point.value) for point in points) * _HEADROOM or 1.0
    return _Scale(min(years), max(years), highest, _divisor(highest)[0])


def _divisor(value: float) -> tuple[int, str]:
    return next((entry for entry in _SCALES if abs(value) >= entry[0]), _SCALES[-1])


def _axes(root: Xml.Element, scale: _Scale, points: Sequence[Point]) -> None:
    axes = Xml.SubElement(root, "g", {"class": "axes"})
    for tick in _ticks(scale.highest):
        y = f"{scale.y(tick):.1f}"
        Xml.SubElement(axes, "line", {"x1": f"{LEFT:g}", "x2": f"{WIDTH - RIGHT:g}", "y1": y, "y2": y})
        _label(axes, LEFT - 8, scale.y(tick) + 4, f"{tick / scale.divisor:,g}", "end")
    for year in sorted({point.year for point in points}):
        _label(axes, scale.x(year), HEIGHT - BOTTOM + 20, str(year), "middle")


def _ticks(highest: float) -> Iterator[float]:
    """Round values from nought up, about as many as `_TICKS`."""
    raw = highest / _TICKS
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= raw)
    return (number * step for number in range(int(highest / step) + 1))


def _label(parent: Xml.Element, x: float, y: float, text: str, anchor: str) -> None:
    Xml.SubElement(parent, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor}).text = text


def _figure(root: Xml.Element, scale: _Scale, point: Point, unit: str) -> None:
    x, number = scale.place_beside(point.year)
    group = Xml.SubElement(root, "g", {"class": f"figure {point.status}{' hedged' if point.hedged else ''}"})
    Xml.SubElement(group, "title").text = said(point, unit)
    _bar(group, scale, point, x)
    _mark(group, point.status, x, scale.y(point.value))
    if number <= 1:  # further ones have no room for theirs
        side, anchor = (1, "start") if number else (-1, "end")
        _label(group, x + 10 * side, scale.y(point.value) + 4, f"{float(point.value) / scale.divisor:,.10g}", anchor)


def _bar(group: Xml.Element, scale: _Scale, point: Point, x: float) -> None:
    low, high = scale.y(point.lower), scale.y(point.upper)
    end = "m-4 6l4 -6l4 6" if float(point.upper) > scale.highest else "m-4 0h8"
    dashes = {"stroke-dasharray": "4 3"} if point.hedged else {}
    Xml.SubElement(group, "path", {"class": "bar", "d": f"M{x:.1f} {low:.1f}V{high:.1f}", **dashes})
    Xml.SubElement(group, "path", {"class": "bar", "d": f"M{x - 4:.1f} {low:.1f}h8M{x:.1f} {high:.1f}{end}"})


def _mark(group: Xml.Element, status: str, x: float, y: float) -> None:
    at = {"class": "mark", "transform": f"translate({x:.1f} {y:.1f})"}
    if status == "reported":
        Xml.SubElement(group, "circle", {**at, "r": "5"})
    elif status == "derived":
        Xml.SubElement(group, "path", {**at, "class": "mark hollow", "d": "M0 -6.5L6.5 0L0 6.5L-6.5 0Z"})
    else:
        Xml.SubElement(group, "path", {**at, "d": "M-5 -5h10v10h-10Z"})
