"""Communities in slices of time: a bar for each slice, stacked of communities, and ribbons where one goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

import polars as pl

from kg.analysis import describing
from kg.analysis.measures import Measured, undirected
from kg.analysis.measures.slices import Division, follow
from kg.errors import AnalysisError
from kg.export.networks.values import expressible, one_line
from kg.export.plots import drawing
from kg.export.plots.drawing import HEIGHT, LEFT, RIGHT, TOP, WIDTH, Plotted, line, short, text
from kg.vocabulary import shortened

if TYPE_CHECKING:
    from kg.analysis.network import Network

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442")
"""Told apart by the colour-blind as well (Okabe and Ito 2008)."""
_OTHER = "#b6bcc4"
_MEMBERS, _NAME = 3, 34
_LEGEND = 18.0
_WIDEST_BAR, _BAR = 48.0, 0.6
_LABELS = 12


def communities(network: Network, slices: Iterable[Network], divide: Callable[[Network], Measured]) -> Plotted:
    """How many nodes the communities of each slice have, as SVG and as a table.

    The table has a row for each community of each slice: ``slice``; ``line``, a number that communities of slices
    after each other have in common where one goes on in the other; ``nodes``; ``stayed``, how many of these the
    community before had; ``members``, those of most strength.
    """
    found = [each for each in follow(map(undirected, slices), divide) if each.found]
    if not found:
        raise AnalysisError(
            "no slice of time has an edge, so there is nothing to plot: take longer slices (every); records without a "
            "day are in no slice"
        )
    table = lines(found)
    by = next(describing.cited(each.found) for each in found if each.found)
    return Plotted(_drawn(network, table, by), table)


def lines(found: Sequence[Division]) -> pl.DataFrame:
    """The table of communities over time.

    A community goes on in that one of the next slice with which it shares most nodes; each goes on in one, and is gone
    on from one, the greatest share first. Slices without an edge are passed over.
    """
    rows: list[dict[str, Any]] = []
    before: pl.DataFrame | None = None
    line_of: dict[int, int] = {}
    fresh = 0
    for each in found:
        if each.found is None:
            continue
        now = each.found.values.select("iri", "community")
        went_on = _went_on(before, now)
        lined: dict[int, int] = {}
        sizes = now.group_by("community").agg(pl.len().alias("nodes"))
        leading = _leading(each.network, now)
        for community, nodes in sizes.sort(["nodes", "community"], descending=[True, False]).iter_rows():
            earlier, stayed = went_on.get(community, (None, 0))
            if earlier is None:
                fresh += 1
            lined[community] = fresh if earlier is None else line_of[earlier]
            told = {"slice": each.slice, "line": lined[community], "nodes": nodes, "stayed": stayed}
            rows.append({**told, "members": leading[community]})
        before, line_of = now, lined
    return pl.DataFrame(rows)


def _went_on(before: pl.DataFrame | None, now: pl.DataFrame) -> dict[int, tuple[int, int]]:
    """By community the one before that goes on in it, and how many nodes both have."""
    if before is None:
        return {}
    both = before.rename({"community": "before"}).join(now, on="iri").group_by("before", "community").len()
    taken: dict[int, tuple[int, int]] = {}
    gone: set[int] = set()
    for earlier, community, shared in both.sort(["len", "before", "community"], descending=[True, False, False]).rows():
        if community not in taken and earlier not in gone:
            taken[community] = earlier, shared
            gone.add(earlier)
    return taken


def _leading(network: Network, now: pl.DataFrame) -> dict[int, str]:
    """By community the names of its nodes of most strength."""
    strength = pl.Series("strength", undirected(network).matrix().sum(axis=1))
    named = network.nodes.select("iri", "label").with_columns(strength).join(now, on="iri")
    top = named.sort(["strength", "iri"], descending=[True, False]).group_by("community", maintain_order=True)
    found: dict[int, str] = {}
    for community, iri, label, _ in top.head(_MEMBERS).select("community", "iri", "label", "strength").iter_rows():
        name = expressible(one_line(label or shortened(iri)))
        found[community] = f"{found[community]}; {name}" if community in found else name
    return found


@dataclass(frozen=True)
class _Frame:
    """Where bars stand."""

    spans: Sequence[str]
    most: int

    @property
    def step(self) -> float:
        return (WIDTH - LEFT - RIGHT) / len(self.spans)

    @property
    def width(self) -> float:
        return min(_WIDEST_BAR, self.step * _BAR)

    def x(self, span: str) -> float:
        return LEFT + self.step * (self.spans.index(span) + 0.5) - self.width / 2

    def y(self, nodes: float) -> float:
        return _FLOOR - (_FLOOR - TOP) * nodes / self.most


_FLOOR = HEIGHT - 64.0


def _drawn(network: Network, table: pl.DataFrame, by: str) -> str:
    totals = table.group_by("slice", maintain_order=True).agg(pl.col("nodes").sum(), pl.len().alias("number"))
    by_line = table.group_by("line").agg(pl.col("nodes").sum()).sort(["nodes", "line"], descending=[True, False])
    coloured = dict(zip(by_line["line"].head(len(COLOURS)).to_list(), COLOURS, strict=False))
    frame = _Frame(totals["slice"].to_list(), max(totals["nodes"].to_list()))
    height = HEIGHT + _LEGEND * (len(coloured) + 1.5)
    about = f"{table.height:,} in {len(frame.spans)} slices of time"
    root = drawing.root(network, "Communities over time", height, about, f"{by[:1].upper()}{by[1:]}. ")
    for share in (0.0, 0.5, 1.0):
        nodes = round(frame.most * share)
        line(root, LEFT, frame.y(nodes), WIDTH - RIGHT, frame.y(nodes))
        text(root, LEFT - 6, frame.y(nodes) + 4, f"{nodes:,}", "end")
    _bars(root, frame, table, coloured)
    for number, span in enumerate(frame.spans):
        if number % (1 + (len(frame.spans) - 1) // _LABELS) == 0:
            text(root, frame.x(span) + frame.width / 2, _FLOOR + 18, span, "middle").set("font-size", "11")
    text(root, (LEFT + WIDTH - RIGHT) / 2, _FLOOR + 40, "slice of time; up: nodes with an edge, by community", "middle")
    _legend(root, table, coloured)
    return Xml.tostring(root, encoding="unicode")


def _bars(root: Xml.Element, frame: _Frame, table: pl.DataFrame, coloured: dict[int, str]) -> None:
    """Bars of coloured lines from the ground, each line in the same order; the others above, as one grey part."""
    ribbons = Xml.SubElement(root, "g", {"fill-opacity": "0.3"})
    order = {line: place for place, line in enumerate(coloured)}
    before: dict[int, tuple[float, float]] = {}
    last = ""
    for span in frame.spans:
        rows = list(table.filter(pl.col("slice") == span).iter_rows(named=True))
        rows.sort(key=lambda row: order.get(row["line"], len(order)))
        reached, now = 0, {}
        for row in (row for row in rows if row["line"] in order):
            ends = frame.y(reached), frame.y(reached + row["nodes"])
            said = f"{span}: {row['nodes']:,} nodes, {row['stayed']:,} of the same community before: {row['members']}"
            _part(root, frame.x(span), frame.width, ends, coloured[row["line"]]).text = said
            if row["line"] in before:
                _ribbon(ribbons, frame, (last, span), (before[row["line"]], ends), coloured[row["line"]])
            reached += row["nodes"]
            now[row["line"]] = ends
        if rest := [row["nodes"] for row in rows if row["line"] not in order]:
            said = f"{span}: {sum(rest):,} nodes in {len(rest):,} other communities"
            ends = frame.y(reached), frame.y(reached + sum(rest))
            _part(root, frame.x(span), frame.width, ends, _OTHER).text = said
        before, last = now, span


def _part(root: Xml.Element, x: float, width: float, ends: tuple[float, float], colour: str) -> Xml.Element:
    """A part of a bar; what is given is its title."""
    low, high = ends
    place = {"x": f"{x:.1f}", "y": f"{high:.1f}", "width": f"{width:.1f}", "height": f"{low - high:.1f}"}
    made = Xml.SubElement(root, "rect", {**place, "fill": colour, "stroke": "#ffffff", "stroke-width": "0.5"})
    return Xml.SubElement(made, "title")


def _ribbon(
    root: Xml.Element,
    frame: _Frame,
    spans: tuple[str, str],
    ends: tuple[tuple[float, float], tuple[float, float]],
    colour: str,
) -> None:
    left, right = frame.x(spans[0]) + frame.width, frame.x(spans[1])
    corners = ((left, ends[0][0]), (left, ends[0][1]), (right, ends[1][1]), (right, ends[1][0]))
    Xml.SubElement(root, "polygon", {"points": " ".join(f"{x:.1f},{y:.1f}" for x, y in corners), "fill": colour})


def _legend(root: Xml.Element, table: pl.DataFrame, coloured: dict[int, str]) -> None:
    """A line for each colour, with those who lead where the community is largest."""
    largest = table.sort(["nodes", "slice"], descending=[True, False]).unique("line", keep="first", maintain_order=True)
    members = dict(largest.select("line", "members").iter_rows())
    named = [(colour, members[line]) for line, colour in coloured.items()]
    others = [(_OTHER, "other communities")] if len(members) > len(coloured) else []
    for number, (colour, words) in enumerate([*named, *others]):
        y = _FLOOR + 52 + _LEGEND * number
        place = {"x": f"{LEFT:g}", "y": f"{y:g}", "width": "12", "height": "12", "fill": colour}
        Xml.SubElement(root, "rect", place)
        text(root, LEFT + 18, y + 10, short(words, 2 * _NAME)).set("font-size", "11")
