"""A chart of figures with their intervals, as SVG; data in, text out.

Each figure has a row: what it says in words and who says it, then a mark at its value and a bar over its interval. Rows
leave room for words however many figures there are, so nothing has to be read off the axis. What kind of statement a
figure is shows in the form of the mark and of the bar, not in colour: a filled circle is reported, a hollow diamond
derived, a filled square restated or estimated, and a bar is dashed where the source hedges. The ends of a bar are
taller than any mark, so that an interval narrower than the mark is seen too; one that would leave the chart ("over
100") ends in an arrow. A period without a figure keeps its row, empty: no line leads over it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree as Xml

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 480.0, 16.0, 20.0, 4.0, 44.0
ROW = 62.0
_WORDS, _SOURCES, _PLOT = 16.0, 32.0, 48.0
_HEADROOM = Decimal("1.1")
_TICKS = 6
_DIGIT = 8.0
"""As wide as one is on a small screen, where the words are larger."""
_LONGEST = 60
_RATIO = "ratio"
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (1, ""))


@dataclass(frozen=True)
class Point:
    """One figure: its period, value and interval, and what a reader should know of it.

    Attributes
    ----------
    note
        What is said before its sources.
    status_name
        What the status is called, if not by its code.
    """

    period: str
    value: Decimal
    lower: Decimal
    upper: Decimal
    status: str
    qualifier: str
    sources: tuple[str, ...]
    note: str = ""
    status_name: str = ""

    @property
    def hedged(self) -> bool:
        """Whether the source says about, over, at least or the like."""
        return self.qualifier != "exact"


@dataclass(frozen=True)
class Gap:
    """A period that has no figure."""

    period: str


@dataclass(frozen=True)
class _Scale:
    """From values to places in the drawing."""

    lowest: float
    highest: float
    divisor: int

    def x(self, value: float | Decimal) -> float:
        share = (float(value) - self.lowest) / (self.highest - self.lowest)
        return LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT)


def chart(points: Sequence[Point | Gap], *, title: str, unit: str, near: bool = False) -> str:
    """The SVG of figures in one unit, from top to bottom in the order given; an empty text where there are none.

    Parameters
    ----------
    near
        Show where intervals meet: the axis spans them and no more. Without it nought is on the axis, so that lengths
        compare as values do.
    """
    figures = [point for point in points if isinstance(point, Point)]
    if not figures:
        return ""
    scale = (near and _near(figures)) or _from_nought([point.value for point in figures])
    in_unit = f"{dict(_SCALES)[scale.divisor]} {unit}".strip()
    bottom = TOP + ROW * len(points)
    box = f"0 0 {WIDTH:g} {bottom + BOTTOM:g}"
    root = Xml.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": box, "role": "img", "class": "chart"})
    Xml.SubElement(root, "title").text = f"{title}, in {in_unit}"
    _axis(root, scale, bottom, in_unit)
    for number, point in enumerate(points):
        if isinstance(point, Point):
            _figure(root, scale, point, TOP + ROW * number, unit)
        else:
            _gap(root, point, TOP + ROW * number)
    return Xml.tostring(root, encoding="unicode")


def _from_nought(values: Sequence[Decimal]) -> _Scale:
    highest, lowest = max(Decimal(0), *values) * _HEADROOM, min(Decimal(0), *values) * _HEADROOM
    if highest == lowest:
        highest = Decimal(1)
    return _Scale(float(lowest), float(highest), _divisor(max(highest, -lowest))[0])


def _near(points: Sequence[Point]) -> _Scale | None:
    """The span of the intervals, with some room; of one-sided ones only as much as leaves the others to be seen."""
    values = [point.value for point in points]
    room = max(max(values) - min(values), max(map(abs, values)) / 4)
    low = max(min(point.lower for point in points), min(values) - room)
    high = min(max(point.upper for point in points), max(values) + room)
    margin = (high - low) / 10
    if not margin:
        return None
    low, high = low - margin, high + margin
    return _Scale(float(low), float(high), _divisor(max(abs(low), abs(high)))[0])


def quantity(value: Decimal, unit: str = "") -> str:
    """A value in a word of its size, ``125.6 billion CNY``; a ratio in percent, ``−19.1 %``."""
    if unit == _RATIO:
        return f"{_digits(value * 100, 1)} %"
    divisor, name = _divisor(value)
    return " ".join(filter(None, (_digits(value, divisor), name, unit)))


def said(point: Point, unit: str = "") -> str:
    """What a figure says, with its interval: ``over 125.6 billion CNY (125.55–125.65)``."""
    hedge = f"{point.qualifier.replace('-', ' ')} " if point.hedged else ""
    divisor, _ = _divisor(point.value)
    low, high = _digits(point.lower, divisor), _digits(point.upper, divisor)
    interval = f" ({low}–{high})" if low != high else ""
    return f"{hedge}{quantity(point.value, unit)}{interval}"


def _divisor(value: Decimal) -> tuple[int, str]:
    return next((entry for entry in _SCALES if abs(value) >= entry[0]), _SCALES[-1])


def _digits(value: Decimal, divisor: int) -> str:
    return f"{(value / divisor).normalize():,f}".replace("-", "−")


def _axis(root: Xml.Element, scale: _Scale, bottom: float, in_unit: str) -> None:
    axis = Xml.SubElement(root, "g", {"class": "axis"})
    for tick in _ticks(scale.lowest, scale.highest):
        x = scale.x(tick)
        Xml.SubElement(axis, "path", {"d": f"M{x:.1f} {TOP:g}V{bottom:g}"})
        number = f"{tick / scale.divisor:,g}".replace("-", "−")
        _text(axis, x, bottom + 15, "start" if x < _DIGIT * len(number) / 2 else "middle").text = number
    _text(axis, WIDTH - RIGHT, bottom + 36, "end").text = in_unit


def _ticks(lowest: float, highest: float) -> Iterator[float]:
    """Round values, about as many as `_TICKS`."""
    raw = (highest - lowest) / _TICKS
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= raw)
    return (number * step for number in range(math.ceil(lowest / step), math.floor(highest / step) + 1))


def _text(parent: Xml.Element, x: float, y: float, anchor: str = "start") -> Xml.Element:
    return Xml.SubElement(parent, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor})


def _figure(root: Xml.Element, scale: _Scale, point: Point, top: float, unit: str) -> None:
    sources = ": ".join(filter(None, (point.note, "; ".join(point.sources))))
    group = Xml.SubElement(root, "g", {"class": "figure"})
    Xml.SubElement(
        group, "title"
    ).text = f"{point.period}: {said(point, unit)}, {point.status_name or point.status}, {sources}"
    words = _text(group, LEFT, top + _WORDS)
    words.set("class", "words")
    period = Xml.SubElement(words, "tspan", {"class": "period"})
    period.text, period.tail = point.period, f" {said(point)}, {point.status_name or point.status}"
    short = sources if len(sources) <= _LONGEST else f"{sources[: _LONGEST - 1].rstrip()}…"
    _text(group, LEFT, top + _SOURCES).text = short
    _plot(group, scale, point, top + _PLOT)


def _gap(root: Xml.Element, gap: Gap, top: float) -> None:
    words = _text(Xml.SubElement(root, "g", {"class": "gap"}), LEFT, top + _WORDS)
    words.set("class", "words")
    period = Xml.SubElement(words, "tspan", {"class": "period"})
    period.text = gap.period
    Xml.SubElement(words, "tspan", {"class": "none"}).text = " no value in this release"


def _plot(group: Xml.Element, scale: _Scale, point: Point, y: float) -> None:
    x, low, high = (scale.x(value) for value in (point.value, point.lower, point.upper))
    Xml.SubElement(group, "path", {"class": "lead", "d": f"M{scale.x(max(scale.lowest, 0)):g} {y:g}H{x:.1f}"})
    _mark(group, point.status, x, y)
    end = "m-6 -6l6 6l-6 6" if float(point.upper) > scale.highest else "m0 -9v18"
    start = "m6 -6l-6 6l6 6" if float(point.lower) < scale.lowest else "m0 -9v18"
    dashes = {"stroke-dasharray": "4 3"} if point.hedged else {}
    Xml.SubElement(group, "path", {"class": "bar", "d": f"M{low:.1f} {y:g}H{high:.1f}", **dashes})
    Xml.SubElement(group, "path", {"class": "bar", "d": f"M{low:.1f} {y:g}{start}M{high:.1f} {y:g}{end}"})


def _mark(group: Xml.Element, status: str, x: float, y: float) -> None:
    at = {"class": "mark", "transform": f"translate({x:.1f} {y:g})"}
    if status == "reported":
        Xml.SubElement(group, "circle", {**at, "r": "4"})
    elif status == "derived":
        Xml.SubElement(group, "path", {**at, "class": "mark hollow", "d": "M0 -6L6 0L0 6L-6 0Z"})
    else:
        Xml.SubElement(group, "path", {**at, "d": "M-4 -4h8v8h-8Z"})
