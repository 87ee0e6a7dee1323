"""Plots of networks: what is in them, in words as well, and the same each time."""

from __future__ import annotations

import networkx as nx
import pytest
from lxml import etree

from kg.analysis.network import Network
from kg.errors import AnalysisError, ParameterError
from kg.export.plots import PLOTS, plot

SVG = {"svg": "http://www.w3.org/2000/svg"}
STAR = Network.of(nx.relabel_nodes(nx.star_graph(10), lambda n: f"<{n:02}> & \x00" if n else "<hub>"))


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_is_svg_that_says_what_it_is_and_comes_out_the_same(name: str) -> None:
    text = plot(STAR, name)
    assert text == plot(STAR, name)
    root = etree.fromstring(text.encode())
    assert root.findtext("svg:title", namespaces=SVG)
    assert STAR.source.digest in root.findtext("svg:desc", namespaces=SVG)


def test_degrees_are_shares_of_nodes_with_as_many_neighbours_or_more() -> None:
    root = etree.fromstring(plot(STAR, "degrees").encode())
    said = [each.text for each in root.findall("svg:circle/svg:title", namespaces=SVG)]
    assert said == [
        "1 of nodes have at least 1 neighbours",
        "0.09091 of nodes have at least 10 neighbours",
    ]


def test_brokers_come_in_order_of_betweenness() -> None:
    root = etree.fromstring(plot(STAR, "brokers").encode())
    said = [each.text for each in root.findall("svg:rect/svg:title", namespaces=SVG)]
    assert said[0] == "<hub>: 1"
    assert all(text.endswith(": 0") for text in said[1:])


@pytest.mark.parametrize(
    ("name", "shown"), [("a" * 36, "a" * 36), ("a" * 37, "a" * 36 + "…"), ("国" * 19, "国" * 18 + "…")]
)
def test_long_names_are_cut_to_the_room_that_they_have(name: str, shown: str) -> None:
    graph = nx.Graph([("one", "other")])
    graph.nodes["one"]["label"] = name
    root = etree.fromstring(plot(Network.of(graph), "brokers").encode())
    assert shown in [each.text for each in root.findall("svg:text", namespaces=SVG)]


def test_what_cannot_be_plotted_is_said() -> None:
    with pytest.raises(ParameterError, match="degrees, brokers"):
        plot(STAR, "pie")
    with pytest.raises(AnalysisError, match="no edge"):
        plot(Network.of(nx.empty_graph(3)), "degrees")
