"""Plots of networks as SVG: data in, text out, the same each time.

Each has a title and a description in words for those who do not see it, and says which network it is of.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from unicodedata import east_asian_width
from xml.etree import ElementTree as Xml

import numpy as np

from kg.analysis.measures import measure
from kg.errors import AnalysisError, ParameterError
from kg.export.networks.values import expressible, one_line
from kg.vocabulary import shortened

if TYPE_CHECKING:
    from kg.analysis.network import Network

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640.0, 420.0, 64.0, 24.0, 48.0, 64.0
_INK, _MARK, _RULE = "#1f2328", "#0b57a4", "#d0d7de"
_BARS, _ROW, _NAMES = 10, 30.0, 300.0
_WIDEST = 36
"""Letters of a name; a Chinese sign is as wide as two."""
_EXACT, _SAMPLES = 2_000, 256


def plot(network: Network, name: str) -> str:
    """The SVG of a plot.

    Raises
    ------
    ParameterError
        There is no plot of this name.
    AnalysisError
        The network has no edge, so there is nothing to show.
    """
    if name not in PLOTS:
        raise ParameterError("plot", f"one of {', '.join(PLOTS)}", tuple(PLOTS))
    if not network.size:
        raise AnalysisError("the network has no edge, so there is nothing to plot: widen the period or drop a filter")
    return PLOTS[name](network)


def _degrees(network: Network) -> str:
    """The share of nodes that have at least so many neighbours, on logarithmic axes; nodes without any are left out."""
    degrees = measure(network, "degree").values["degree"].to_numpy()
    values, counts = np.unique(degrees[degrees > 0], return_counts=True)
    shares = counts[::-1].cumsum()[::-1] / counts.sum()
    most, least = float(values.max()), float(shares.min())
    root = _root(network, "Degree distribution", HEIGHT, f"{counts.sum():,} nodes with 1 to {most:,.0f} neighbours")
    across, down = _decades(1, most), _decades(least, 1)
    for power in across:
        x = _along(power, across, LEFT, WIDTH - RIGHT)
        _line(root, x, TOP, x, HEIGHT - BOTTOM)
        _text(root, x, HEIGHT - BOTTOM + 18, f"{10**power:,}", "middle")
    for power in down:
        y = _along(power, down, HEIGHT - BOTTOM, TOP)
        _line(root, LEFT, y, WIDTH - RIGHT, y)
        _text(root, LEFT - 6, y + 4, f"{10.0**power:g}", "end")
    for value, share in zip(values, shares, strict=True):
        x = _along(math.log10(value), across, LEFT, WIDTH - RIGHT)
        y = _along(math.log10(share), down, HEIGHT - BOTTOM, TOP)
        mark = Xml.SubElement(root, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "3.5", "fill": _MARK})
        Xml.SubElement(mark, "title").text = f"{share:.4g} of nodes have at least {value:,} neighbours"
    _text(root, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 22, "neighbours k; up: share of nodes with k or more", "middle")
    return Xml.tostring(root, encoding="unicode")


def _brokers(network: Network) -> str:
    """The nodes of most betweenness, which is estimated from samples in networks of more than 2,000 nodes."""
    samples = 0 if network.order <= _EXACT else _SAMPLES
    frame = measure(network, "betweenness", {"samples": samples}).values
    top = frame.sort(["betweenness", "iri"], descending=[True, False]).head(_BARS)
    most = max(top["betweenness"].max() or 0.0, 1e-300)
    how = f"estimated from {samples} nodes" if samples else "exact"
    root = _root(network, "Nodes between most others", TOP + _ROW * top.height + 40, f"betweenness, {how}")
    for number, (iri, label, value) in enumerate(top.select("iri", "label", "betweenness").iter_rows()):
        y = TOP + _ROW * number
        name = expressible(one_line(label or shortened(iri)))
        _text(root, _NAMES - 8, y + 18, _short(name), "end")
        width = (WIDTH - RIGHT - 60 - _NAMES) * value / most
        place = {"x": f"{_NAMES:g}", "y": f"{y + 5:g}", "width": f"{width:.1f}", "height": "18", "fill": _MARK}
        Xml.SubElement(Xml.SubElement(root, "rect", place), "title").text = f"{name}: {value:.4g}"
        _text(root, _NAMES + width + 6, y + 18, f"{value:.4g}")
    return Xml.tostring(root, encoding="unicode")


PLOTS: Mapping[str, Callable[[Network], str]] = {"degrees": _degrees, "brokers": _brokers}
"""Plots by name: the distribution of degrees, and the nodes of most betweenness."""


def _root(network: Network, title: str, height: float, about: str) -> Xml.Element:
    source = network.source
    box = {"viewBox": f"0 0 {WIDTH:g} {height:g}", "width": f"{WIDTH:g}", "height": f"{height:g}"}
    root = Xml.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **box, "role": "img", "aria-labelledby": "t d"})
    Xml.SubElement(root, "title", {"id": "t"}).text = f"{title}: {source.definition or 'a network'}"
    Xml.SubElement(root, "desc", {"id": "d"}).text = (
        f"{about}. {network.order:,} nodes, {network.size:,} edges; release {source.release or 'none'}, "
        f"digest of the network {source.digest}"
    )
    Xml.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    _text(root, 16, 26, f"{title} ({about})").set("font-weight", "bold")
    _text(root, 16, height - 6, f"{source.definition} {source.release} {source.digest[:16]}").set("font-size", "10")
    return root


def _text(root: Xml.Element, x: float, y: float, text: str, anchor: str = "start") -> Xml.Element:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "fill": _INK}
    made = Xml.SubElement(root, "text", {**place, "font-family": "sans-serif", "font-size": "13"})
    made.text = text
    return made


def _short(name: str) -> str:
    """A name that has room beside its bar."""
    room = float(_WIDEST)
    for place, each in enumerate(name):
        room -= 2 if east_asian_width(each) in {"W", "F"} else 1
        if room < 0:
            return f"{name[:place].rstrip()}…"
    return name


def _line(root: Xml.Element, *ends: float) -> None:
    names = zip(("x1", "y1", "x2", "y2"), ends, strict=True)
    Xml.SubElement(root, "line", {**{name: f"{end:.1f}" for name, end in names}, "stroke": _RULE})


def _decades(low: float, high: float) -> range:
    begin = math.floor(math.log10(low))
    return range(begin, max(math.ceil(math.log10(high)), begin + 1) + 1)


def _along(power: float, decades: Sequence[int], begin: float, end: float) -> float:
    return begin + (power - decades[0]) / (decades[-1] - decades[0]) * (end - begin)
