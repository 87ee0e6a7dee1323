"""Networks as files: what other programs read of them, whatever labels hold, and that files are whole or not there."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from kg.analysis.measures import measure
from kg.analysis.network import Network, Origin
from kg.errors import ConfigError
from kg.export.networks import FORMATS, Format, write
from kg.export.networks.measured import as_csv, slices_csv

SCHEMAS = Path(__file__).parent / "schemas"
HOSTILE = [
    "</label><script>alert(1)</script>",
    "\"quoted\" & 'quoted' ]]>",
    "=HYPERLINK(A1)",
    "+1",
    "-1",
    "@SUM(1)",
    "two\r\nlines\tand a tab",
    "\x00\x07\x1b[31m\ufffe\uffff",
    "\u2028\u0085",
    "大学 𝒰",
    "",
    " ",
]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(HOSTILE)


def iri(number: int) -> str:
    return f"https://example.org/id/org/n{number:03}?a=1&b='x'"


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Networks with attributes of each type, lists, gaps, and labels of any characters."""
    count = draw(st.integers(0, 8))
    nodes = {
        "iri": [iri(number) for number in range(count)],
        "label": draw(st.lists(TEXT | st.none(), min_size=count, max_size=count)),
        "size": draw(st.lists(st.integers(-(2**62), 2**62) | st.none(), min_size=count, max_size=count)),
        "share": draw(
            st.lists(
                st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False) | st.none(),
                min_size=count,
                max_size=count,
            )
        ),
        "public": draw(st.lists(st.booleans() | st.none(), min_size=count, max_size=count)),
        "types": draw(
            st.lists(st.lists(st.sampled_from("abc"), min_size=1) | st.none(), min_size=count, max_size=count)
        ),
        "note": draw(st.lists(TEXT | st.none(), min_size=count, max_size=count)),
    }
    schema = {"iri": pl.String, "label": pl.String, "size": pl.Int64, "share": pl.Float64, "public": pl.Boolean}
    frame = pl.DataFrame(nodes, schema={**schema, "types": pl.List(pl.String), "note": pl.String})
    pairs = st.tuples(st.integers(0, max(count - 1, 0)), st.integers(0, max(count - 1, 0)))
    rows = draw(st.lists(st.tuples(pairs, st.floats(1e-9, 1e9)), max_size=12)) if count else []
    edges = pl.DataFrame(
        [[iri(one), iri(other), weight] for (one, other), weight in rows],
        schema={"one": pl.String, "other": pl.String, "weight": pl.Float64},
        orient="row",
    )
    told = Origin("networks/x", "0" * 64, "r", "1" * 64, {"label": draw(TEXT)}, slice="2019")
    return Network.made(edges, frame, directed=draw(st.booleans()), source=told)


SMALL = Network.made(
    pl.DataFrame({"one": [iri(0)], "other": [iri(1)], "weight": [0.5]}),
    pl.DataFrame({"iri": [iri(0)], "label": ["=1"], "types": [["a", "b"]], "size": [7]}),
    source=Origin("networks/x", release="r1"),
)
EMPTY = Network.made(pl.DataFrame(schema={"one": pl.String, "other": pl.String}))
LONELY = Network.made(pl.DataFrame({"one": ["a"], "other": ["a"]}))

examined = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def saved(network: Network, name: str, folder: Path) -> list[Path]:
    kind = FORMATS[name]
    return write(network, kind, folder / f"net{kind.ending}")


def cleaned(text: str) -> str:
    """What XML lets a text be: other characters become U+FFFD."""
    return "".join(c if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff") else "\ufffd" for c in text)


def plain(graph: nx.Graph, text: Callable[[str], str] = str) -> tuple[dict[str, Any], dict[Any, float]]:
    """Nodes and their attributes, edges and their weights, with lists as formats without them have them."""

    def value(of: Any) -> Any:
        return text("|".join(of)) if isinstance(of, list) else text(of) if isinstance(of, str) else of

    nodes = {text(node): {key: value(of) for key, of in has.items()} for node, has in graph.nodes(data=True)}
    ends = tuple if graph.is_directed() else frozenset
    return nodes, {ends((text(a), text(b))): has["weight"] for a, b, has in graph.edges(data=True)}


@examined
@given(network=networks())
def test_node_link_json_is_read_by_networkx(network: Network, tmp_path: Path) -> None:
    (path,) = saved(network, "json", tmp_path)
    read = nx.node_link_graph(json.loads(path.read_text("utf-8")), edges="edges")
    assert plain(read) == plain(network.graph())
    assert read.is_directed() == network.directed
    assert read.graph["digest"] == network.source.digest
    assert read.graph["parameters"] == network.source.parameters
    again = Network.of(read, source=network.source)
    assert again.edges.equals(network.edges)


@examined
@given(network=networks())
def test_graphml_fits_its_schema_and_is_read_by_networkx(network: Network, tmp_path: Path) -> None:
    (path,) = saved(network, "graphml", tmp_path)
    schema("graphml").assertValid(etree.parse(path))
    read = nx.read_graphml(path)
    assert read.graph["digest"] == network.source.digest
    named = nx.relabel_nodes(read, {node: has.pop("iri") for node, has in read.nodes(data=True)})
    nodes, edges = plain(named)
    wanted, wanted_edges = plain(network.graph(), cleaned)
    assert {node: filled(has) for node, has in nodes.items()} == {node: filled(has) for node, has in wanted.items()}
    assert edges == wanted_edges


@examined
@given(network=networks())
def test_graphml_is_read_by_igraph(network: Network, tmp_path: Path) -> None:
    (path,) = saved(network, "graphml", tmp_path)
    read = igraph.Graph.Read_GraphML(str(path))
    assert (read.vcount(), read.ecount()) == (network.order, network.size)
    assert read.is_directed() == network.directed
    assert read["digest"] == network.source.digest
    if network.order:
        assert read.vs["iri"] == network.nodes["iri"].to_list()
        assert all(isinstance(flag, bool) or flag is None for flag in read.vs["public"])
    if network.size:
        assert read.es["weight"] == pytest.approx(network.edges["weight"].to_list())


@examined
@given(network=networks())
def test_gexf_fits_its_schema_and_is_read_by_networkx(network: Network, tmp_path: Path) -> None:
    (path,) = saved(network, "gexf", tmp_path)
    tree = etree.parse(path)
    schema("gexf").assertValid(tree)
    told = json.loads(tree.findtext(".//{*}description"))
    assert told["digest"] == network.source.digest
    read = nx.read_gexf(path)
    nodes, edges = plain(read)
    wanted, wanted_edges = plain(network.graph(), cleaned)
    for node, has in wanted.items():
        has.setdefault("label", cleaned(node))
    assert {node: filled(has) for node, has in nodes.items()} == {node: filled(has) for node, has in wanted.items()}
    assert edges == wanted_edges


@examined
@given(network=networks())
def test_pajek_is_read_by_networkx_and_igraph(network: Network, tmp_path: Path) -> None:
    (path,) = saved(network, "pajek", tmp_path)
    assert f"% digest: {network.source.digest}\n" in path.read_text("utf-8")
    read = igraph.Graph.Read_Pajek(str(path))
    assert (read.vcount(), read.ecount(), read.is_directed()) == (network.order, network.size, network.directed)
    if network.order:
        simple = (nx.DiGraph if network.directed else nx.Graph)(nx.read_pajek(path))
        named = nx.relabel_nodes(network.graph(), {node: node.replace('"', "'") for node in network.nodes["iri"]})
        assert plain(simple)[1] == pytest.approx(plain(named)[1])


@examined
@given(network=networks())
def test_csv_lists_hold_rows_that_a_spreadsheet_takes_for_no_formula(network: Network, tmp_path: Path) -> None:
    edges, nodes = saved(network, "csv", tmp_path)
    assert [edges.name, nodes.name] == ["net.edges.csv", "net.nodes.csv"]
    for path, count in ((edges, network.size), (nodes, network.order)):
        text = path.read_bytes().decode("utf-8")
        assert f"# digest: {network.source.digest}\r\n" in text
        body = [line for line in text.split("\r\n") if not line.startswith("# ")]
        head, *rows = csv.reader(body[:-1])
        assert len(rows) == count
        assert all(len(row) == len(head) for row in rows)
    assert pl.read_csv(edges, comment_prefix="#").columns == ["source", "target", "type", "weight", "records"]
    texts = [row[head.index(name)] for row in rows for name in ("label", "note")]
    assert not [text for text in texts if text.startswith(("=", "@", "\t", "\r"))]
    assert not [text for text in texts if text.startswith(("+", "-")) and text[1:].strip("0123456789.eE+-")]


FORMULAS = {"=1+1": "'=1+1", "@SUM(1)": "'@SUM(1)", "-cmd": "'-cmd", "-1": "-1", "a=1": "a=1"}
"""Labels, and what CSV has for them."""


def labelled() -> Network:
    names = list(FORMULAS)
    pairs = {"one": names[:-1], "other": names[1:], "weight": [1.0] * (len(names) - 1)}
    return Network.made(pl.DataFrame(pairs), pl.DataFrame({"iri": names, "label": names}))


@pytest.mark.parametrize(("name", "columns"), [("degree", ["iri", "label"]), ("disparity", ["one", "other"])])
def test_csv_of_values_holds_no_formula(name: str, columns: list[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv([measure(labelled(), name)], None))))
    assert {row[column] for row in rows for column in columns} == set(FORMULAS.values())


def test_csv_of_slices_holds_no_formula() -> None:
    rows = csv.DictReader(io.StringIO(slices_csv({"2019": measure(labelled(), "degree").values})))
    assert {row["label"] for row in rows} == set(FORMULAS.values())


@pytest.mark.parametrize("network", [EMPTY, LONELY, SMALL], ids=["empty", "one node", "small"])
@pytest.mark.parametrize("name", FORMATS)
def test_small_networks_are_files_too(network: Network, name: str, tmp_path: Path) -> None:
    for path in saved(network, name, tmp_path):
        assert path.stat().st_size
    if name in {"graphml", "gexf"}:
        schema(name).assertValid(etree.parse(path))


def test_a_run_that_is_ended_midway_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "net.txt"
    target.write_text("old")

    def ended(network: Network, stream: Any) -> None:
        stream.write("half")
        raise KeyboardInterrupt

    parts = {"": lambda network, stream: stream.write("whole"), "more": ended}
    with pytest.raises(KeyboardInterrupt):
        write(SMALL, Format("x", "x", "text/plain", ".txt", parts), target)
    assert [path.name for path in tmp_path.iterdir()] == ["net.txt"]
    assert target.read_text() == "old"


def test_where_nothing_can_be_written_the_path_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"cannot write .*file"):
        write(SMALL, FORMATS["json"], tmp_path / "file" / "net.json")


@cache
def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / f"{name}.xsd"))


def filled(has: dict[str, Any]) -> dict[str, Any]:
    """Attributes without empty texts: readers tell an empty text and none apart each in its own way."""
    return {key: value for key, value in has.items() if value not in ("", None)}
