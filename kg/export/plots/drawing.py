"""What plots are drawn with: a frame with title and description, words, lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import east_asian_width
from xml.etree import ElementTree as Xml

import polars as pl

if TYPE_CHECKING:
    from kg.analysis.network import Network

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640.0, 420.0, 64.0, 24.0, 48.0, 64.0
INK, MARK, RULE = "#1f2328", "#0b57a4", "#d0d7de"
WIDEST = 36
"""Letters of a name; a Chinese sign is as wide as two."""


@dataclass(frozen=True)
class Plotted:
    """A plot as SVG, and what it shows as a table."""

    svg: str
    table: pl.DataFrame


def root(network: Network, title: str, height: float, about: str, more: str = "") -> Xml.Element:
    """A white plot with a title, a description, and what it is of at its foot."""
    source = network.source
    box = {"viewBox": f"0 0 {WIDTH:g} {height:g}", "width": f"{WIDTH:g}", "height": f"{height:g}"}
    made = Xml.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **box, "role": "img", "aria-labelledby": "t d"})
    Xml.SubElement(made, "title", {"id": "t"}).text = f"{title}: {source.definition or 'a network'}"
    Xml.SubElement(made, "desc", {"id": "d"}).text = (
        f"{about}. {more}{network.order:,} nodes, {network.size:,} edges; release {source.release or 'none'}, "
        f"digest of the network {source.digest}"
    )
    Xml.SubElement(made, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    text(made, 16, 26, f"{title} ({about})").set("font-weight", "bold")
    text(made, 16, height - 6, f"{source.definition} {source.release} {source.digest[:16]}").set("font-size", "10")
    return made


def text(root: Xml.Element, x: float, y: float, words: str, anchor: str = "start") -> Xml.Element:
    """Words at a place."""
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "fill": INK}
    made = Xml.SubElement(root, "text", {**place, "font-family": "sans-serif", "font-size": "13"})
    made.text = words
    return made


def short(name: str, widest: int = WIDEST) -> str:
    """A name cut to the room that it has."""
    room = float(widest)
    for place, each in enumerate(name):
        room -= 2 if east_asian_width(each) in {"W", "F"} else 1
        if room < 0:
            return f"{name[:place].rstrip()}…"
    return name


def line(root: Xml.Element, *ends: float) -> None:
    """A thin line from x1, y1 to x2, y2."""
    names = zip(("x1", "y1", "x2", "y2"), ends, strict=True)
    Xml.SubElement(root, "line", {**{name: f"{end:.1f}" for name, end in names}, "stroke": RULE})
