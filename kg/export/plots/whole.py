"""Plots of a whole network: how many neighbours nodes have, and which nodes are between most others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

import numpy as np
import polars as pl

from kg.analysis.measures import measure
from kg.export.networks.values import expressible, one_line
from kg.export.plots import drawing
from kg.export.plots.drawing import BOTTOM, HEIGHT, LEFT, MARK, RIGHT, TOP, WIDTH, Plotted, line, short, text
from kg.vocabulary import shortened

if TYPE_CHECKING:
    from kg.analysis.network import Network

_BARS, _ROW, _NAMES = 10, 30.0, 300.0
_EXACT, _SAMPLES = 2_000, 256


def degrees(network: Network) -> Plotted:
    """The share of nodes that have at least so many neighbours, on logarithmic axes; nodes without any are left out."""
    found = measure(network, "degree").values["degree"].to_numpy()
    values, counts = np.unique(found[found > 0], return_counts=True)
    shares = counts[::-1].cumsum()[::-1] / counts.sum()
    table = pl.DataFrame({"neighbours": values.astype(np.int64), "nodes": counts, "share_or_more": shares})
    most, least = float(values.max()), float(shares.min())
    root = drawing.root(
        network, "Degree distribution", HEIGHT, f"{counts.sum():,} nodes with 1 to {most:,.0f} neighbours"
    )
    across, down = _decades(1, most), _decades(least, 1)
    for power in across:
        x = _along(power, across, LEFT, WIDTH - RIGHT)
        line(root, x, TOP, x, HEIGHT - BOTTOM)
        text(root, x, HEIGHT - BOTTOM + 18, f"{10**power:,}", "middle")
    for power in down:
        y = _along(power, down, HEIGHT - BOTTOM, TOP)
        line(root, LEFT, y, WIDTH - RIGHT, y)
        text(root, LEFT - 6, y + 4, f"{10.0**power:g}", "end")
    for value, share in zip(values, shares, strict=True):
        x = _along(math.log10(value), across, LEFT, WIDTH - RIGHT)
        y = _along(math.log10(share), down, HEIGHT - BOTTOM, TOP)
        mark = Xml.SubElement(root, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "3.5", "fill": MARK})
        Xml.SubElement(mark, "title").text = f"{share:.4g} of nodes have at least {value:,} neighbours"
    text(root, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 22, "neighbours k; up: share of nodes with k or more", "middle")
    return Plotted(Xml.tostring(root, encoding="unicode"), table)


def brokers(network: Network) -> Plotted:
    """The nodes of most betweenness, which is estimated from samples in networks of more than 2,000 nodes."""
    samples = 0 if network.order <= _EXACT else _SAMPLES
    frame = measure(network, "betweenness", {"samples": samples}).values
    top = frame.sort(["betweenness", "iri"], descending=[True, False]).head(_BARS)
    most = max(top["betweenness"].max() or 0.0, 1e-300)
    how = f"estimated from {samples} nodes" if samples else "exact"
    root = drawing.root(network, "Nodes between most others", TOP + _ROW * top.height + 40, f"betweenness, {how}")
    for number, (iri, label, value) in enumerate(top.select("iri", "label", "betweenness").iter_rows()):
        y = TOP + _ROW * number
        name = expressible(one_line(label or shortened(iri)))
        text(root, _NAMES - 8, y + 18, short(name), "end")
        width = (WIDTH - RIGHT - 60 - _NAMES) * value / most
        place = {"x": f"{_NAMES:g}", "y": f"{y + 5:g}", "width": f"{width:.1f}", "height": "18", "fill": MARK}
        Xml.SubElement(Xml.SubElement(root, "rect", place), "title").text = f"{name}: {value:.4g}"
        text(root, _NAMES + width + 6, y + 18, f"{value:.4g}")
    return Plotted(Xml.tostring(root, encoding="unicode"), top)


def _decades(low: float, high: float) -> range:
    begin = math.floor(math.log10(low))
    return range(begin, max(math.ceil(math.log10(high)), begin + 1) + 1)


def _along(power: float, decades: Sequence[int], begin: float, end: float) -> float:
    return begin + (power - decades[0]) / (decades[-1] - decades[0]) * (end - begin)
