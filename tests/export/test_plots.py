"""Plots of networks: what is in them, in words as well, and the same each time."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import networkx as nx
import polars as pl
import pytest
from lxml import etree

from kg.analysis.network import Network
from kg.errors import AnalysisError, ParameterError
from kg.export.plots import plot, written
from kg.export.plots.png import png

SVG = {"svg": "http://www.w3.org/2000/svg"}
BOTH = ("degrees", "brokers")
STAR = Network.of(nx.relabel_nodes(nx.star_graph(10), lambda n: f"<{n:02}> & \x00" if n else "<hub>"))


@pytest.mark.parametrize("name", BOTH)
def test_a_plot_is_svg_that_says_what_it_is_and_comes_out_the_same(name: str) -> None:
    text = plot(STAR, name).svg
    assert text == plot(STAR, name).svg
    root = etree.fromstring(text.encode())
    assert root.findtext("svg:title", namespaces=SVG)
    assert STAR.source.digest in root.findtext("svg:desc", namespaces=SVG)


def test_degrees_are_shares_of_nodes_with_as_many_neighbours_or_more() -> None:
    root = etree.fromstring(plot(STAR, "degrees").svg.encode())
    said = [each.text for each in root.findall("svg:circle/svg:title", namespaces=SVG)]
    assert said == [
        "1 of nodes have at least 1 neighbours",
        "0.09091 of nodes have at least 10 neighbours",
    ]


def test_brokers_come_in_order_of_betweenness() -> None:
    root = etree.fromstring(plot(STAR, "brokers").svg.encode())
    said = [each.text for each in root.findall("svg:rect/svg:title", namespaces=SVG)]
    assert said[0] == "<hub>: 1"
    assert all(text.endswith(": 0") for text in said[1:])


@pytest.mark.parametrize(
    ("name", "shown"), [("a" * 36, "a" * 36), ("a" * 37, "a" * 36 + "…"), ("国" * 19, "国" * 18 + "…")]
)
def test_long_names_are_cut_to_the_room_that_they_have(name: str, shown: str) -> None:
    graph = nx.Graph([("one", "other")])
    graph.nodes["one"]["label"] = name
    root = etree.fromstring(plot(Network.of(graph), "brokers").svg.encode())
    assert shown in [each.text for each in root.findall("svg:text", namespaces=SVG)]


def test_what_cannot_be_plotted_is_said() -> None:
    with pytest.raises(ParameterError, match="degrees, brokers, communities"):
        plot(STAR, "pie")
    with pytest.raises(AnalysisError, match="no edge"):
        plot(Network.of(nx.empty_graph(3)), "degrees")


def year(name: str, *groups: str) -> Network:
    """A slice whose nodes, of one letter each, are joined with all of their group."""
    graph = nx.compose_all(
        [nx.relabel_nodes(nx.complete_graph(len(group)), dict(enumerate(group))) for group in groups]
    )
    network = Network.of(graph)
    return replace(network, source=replace(network.source, slice=name))


YEARS = [
    year("2019", "abcdef", "uvwx"),
    Network.of(nx.Graph()),
    year("2020", "abcde", "uvwxyz"),
    year("2021", "abuvwxyz", "klm"),
]


def test_communities_go_on_in_those_that_they_share_most_nodes_with() -> None:
    table = plot(STAR, "communities", YEARS).table
    assert table.select("slice", "line", "nodes", "stayed").rows() == [
        ("2019", 1, 6, 0),
        ("2019", 2, 4, 0),
        ("2020", 2, 6, 4),
        ("2020", 1, 5, 5),
        ("2021", 2, 8, 6),
        ("2021", 3, 3, 0),
    ]
    assert table["members"][0] == "a; b; c"


def test_bars_are_as_high_as_communities_are_large_and_ribbons_join_those_that_go_on() -> None:
    found = plot(STAR, "communities", YEARS)
    assert found.svg == plot(STAR, "communities", YEARS).svg
    root = etree.fromstring(found.svg.encode())
    bars = [each for each in root.findall("svg:rect", namespaces=SVG) if len(each)]
    heights = {each[0].text.split(" nodes")[0]: float(each.get("height")) for each in bars}
    assert heights["2021: 8"] == pytest.approx(2 * heights["2019: 4"], abs=0.2)
    assert len(bars) == found.table.height
    assert len(root.findall("svg:g/svg:polygon", namespaces=SVG)) == 3
    assert root.findtext("svg:title", namespaces=SVG).startswith("Communities over time")
    assert "by graspologic" in root.findtext("svg:desc", namespaces=SVG)


def test_slices_without_an_edge_are_nothing_to_plot() -> None:
    with pytest.raises(AnalysisError, match="no slice"):
        plot(STAR, "communities", [Network.of(nx.empty_graph(2))])


def test_a_table_is_written_as_csv() -> None:
    found = plot(STAR, "degrees")
    assert pl.read_csv(written(found, "csv")).rows() == found.table.rows() == [(1, 10, 1.0), (10, 1, 1 / 11)]


def test_png_shows_text_without_any_font_of_the_system() -> None:
    svg = plot(STAR, "degrees").svg
    root = etree.fromstring(svg.encode())
    for each in root.findall("svg:text", namespaces=SVG):
        root.remove(each)
    shown, bare = (png(text, system_fonts=False) for text in (svg, etree.tostring(root, encoding="unicode")))
    width, height = (int.from_bytes(shown[at : at + 4]) for at in (16, 20))
    assert (shown[:8], width, height) == (b"\x89PNG\r\n\x1a\n", 1280, 840)
    assert len(shown) > 2 * len(bare)


def test_without_the_extra_png_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['resvg_py'] = None\n"
        "from kg.cli.main import main\n"
        "sys.argv = ['kg', 'network', 'plot', 'co-authored-reports', 'degrees', '-o', 'plot.png']\n"
        "main()"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 3
    assert "pip install 'kg[png]'" in ended.stderr
