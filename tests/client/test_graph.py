"""`kg.open`: a release and a server of it answer alike; what is wrong is said."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import networkx as nx
import pytest
import rdflib

import kg
from kg import errors
from kg.client import Graph, Result
from kg.store.releases import DataFolder

from ..servers import Started

TT = rdflib.Namespace("https://w3id.org/techtransfer/ontology#")


@pytest.fixture(scope="module", params=["folder", "service"])
def graph(request: pytest.FixtureRequest, data_folder: DataFolder) -> Iterator[Graph]:
    """The bundle, from its folder and from a service of it."""
    at = data_folder.layout.root if request.param == "folder" else request.getfixturevalue("bundle_service")
    with kg.open(at) as opened:
        yield opened


def test_the_release_is_known(graph: Graph, data_folder: DataFolder) -> None:
    live = data_folder.current()
    assert live is not None
    assert graph.release == live.id


def test_a_named_query_gives_frames_with_types(graph: Graph) -> None:
    found = graph.query("figures/contract-value-by-year", area="China", unit="CNY")
    frame = found.polars()
    rows = frame.filter(frame["firstDay"] == date(2020, 1, 1))
    assert (125.6e9, 125.55e9, 125.65e9) in rows.select("value", "lower", "upper").rows()
    assert found.release == graph.release
    assert "id/area/CN" in found.sparql
    pandas = found.pandas()
    assert list(pandas.columns) == found.columns
    assert pandas["value"].tolist() == frame["value"].to_list()


@pytest.mark.parametrize(
    ("given", "same"),
    [
        ({"year": 2020}, {"year": "2020"}),
        ({"area": "CN"}, {"area": rdflib.URIRef("https://w3id.org/techtransfer/id/area/CN")}),
        ({"channel": None}, {}),
    ],
)
def test_values_of_python_are_values(graph: Graph, given: dict[str, object], same: dict[str, object]) -> None:
    one, other = graph.query("figures/claims", **given), graph.query("figures/claims", **same)  # type: ignore[arg-type]
    assert one.polars().equals(other.polars())
    assert len(one)


def test_figures_are_claims_with_intervals_sources_and_conflicts(graph: Graph) -> None:
    claims = graph.figures("contract-value").polars()
    assert (claims["lower"] <= claims["value"]).all()
    assert (claims["value"] <= claims["upper"]).all()
    assert ((claims["document"].is_not_null()) | (claims["operation"].is_not_null())).all()
    pairs = graph.query("checks/claims-in-conflict").polars()
    contradicted = set(claims.filter(claims["conflicts"] > 0)["observation"])
    assert contradicted
    assert contradicted == (set(pairs["low"]) | set(pairs["high"])) & set(claims["observation"])


def test_figures_of_a_year_an_area_and_a_channel_are_some_of_all(graph: Graph) -> None:
    every = graph.figures("contract-count").polars()
    some = graph.figures("contract-count", area="CN", year=2020, channel="six-ways").polars()
    wanted = every.filter(
        every["area"].str.ends_with("/CN")
        & (every["firstDay"].dt.year() == 2020)
        & every["channel"].str.ends_with("six-ways")
    )
    assert len(wanted)
    assert some.equals(wanted)


def test_a_text_is_a_query(graph: Graph) -> None:
    (row,) = graph.query(f"SELECT (COUNT(?x) AS ?number) {{ ?x a <{TT.Policy}> }}")
    assert int(row["number"]) > 0


def test_a_file_is_a_query(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "own.rq"
    path.write_text(f"SELECT ?x {{ ?x a <{TT.Policy}> }}", "utf-8")
    assert len(graph.query(str(path))) > 0


def test_a_network_is_a_graph_of_networkx(graph: Graph) -> None:
    network = graph.network("co-issued-policies")
    assert isinstance(network, nx.Graph)
    assert network.size() > 0
    assert all("weight" in told for _, _, told in network.edges(data=True))
    assert all(told.get("label") for _, told in network.nodes(data=True))
    measured = graph.measure("co-issued-policies", "degree", settings={"direction": "all"})
    assert dict(zip(measured.polars()["iri"], measured.polars()["degree"], strict=True)) == dict(network.degree())
    assert measured.told["network"]["definition"] == "networks/co-issued-policies"


def test_parameters_of_a_network_narrow_it(graph: Graph) -> None:
    every, late = graph.network("co-authored-reports"), graph.network("co-authored-reports", from_=date(2021, 1, 1))
    assert 0 < late.size() < every.size()


def test_a_thing_is_a_graph_of_rdflib(graph: Graph) -> None:
    own, both = graph.describe("org/ncste"), graph.describe("org-id:ncste", incoming=True)
    (thing,) = set(own.subjects())
    assert set(own) < set(both)
    assert all(thing in (subject, value) for subject, _, value in both)


def test_search_finds_things_by_their_words(graph: Graph) -> None:
    found = graph.search("国家科技", classes=["Organization"], countries=["CN"], limit=5)
    assert found.polars()["iri"].to_list() == ["https://w3id.org/techtransfer/id/org/ncste"]
    assert found.told["total"] == 1
    assert len(graph.search(classes=["Policy"], years=[2016], limit=2)) == 2
    assert not graph.search("nothing-is-called-zzqx").polars().height


WRONG: list[tuple[type[errors.KgError], str, Callable[[Graph], object]]] = [
    (errors.UnknownQueryError, "figures/claims", lambda g: g.query("figures/claim")),
    (errors.ParameterError, "CN \\(China\\)", lambda g: g.figures(area="Chinna")),
    (errors.ParameterError, "indicator", lambda g: g.query("figures/claims", regions="CN")),
    (errors.ParameterError, "one value", lambda g: g.query("figures/claims", area=["CN", "GB"])),  # type: ignore[arg-type]
    (
        errors.QueryError,
        "line 1 of the query.*SERVICE",
        lambda g: g.query("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }"),
    ),
    (errors.QueryError, "SELECT", lambda g: g.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")),
    (errors.NotFoundError, "search", lambda g: g.describe("org/nobody")),
    (errors.ParameterError, "iri", lambda g: g.describe("a b")),
    (errors.ResultTooLargeError, "most=", lambda g: g.describe("org/ncste", most=2)),
    (errors.UnknownQueryError, "ownership", lambda g: g.network("ownershop")),
    (errors.ParameterError, "degree", lambda g: g.measure("ownership", "degre")),
    (errors.ParameterError, "limit", lambda g: g.search("x", limit=1_000)),
    (errors.ParameterError, "words", lambda g: g.search()),
]


@pytest.mark.parametrize(("error", "told", "ask"), WRONG)
def test_what_is_wrong_is_said(
    graph: Graph, error: type[errors.KgError], told: str, ask: Callable[[Graph], object]
) -> None:
    with pytest.raises(error, match=told):
        ask(graph)


def test_a_graph_that_was_closed_says_so(data_folder: DataFolder) -> None:
    graph = kg.open(data_folder.layout.root)
    graph.close()
    graph.close()
    for ask in (
        graph.figures,
        lambda: graph.search("x"),
        lambda: graph.describe("org/ncste"),
        lambda: graph.network("ownership"),
    ):
        with pytest.raises(errors.StoreError, match=r"kg\.open"):
            ask()


def test_a_release_is_chosen_by_its_name(data_folder: DataFolder, bundle_service: str) -> None:
    live = data_folder.current()
    assert live is not None
    with kg.open(data_folder.layout.root, release=live.id[:12]) as graph:
        assert graph.release == live.id
    with pytest.raises(errors.NotFoundError):
        kg.open(data_folder.layout.root, release="never")
    with pytest.raises(errors.ConfigError, match="leave out"):
        kg.open(bundle_service, release=live.id)


def test_the_data_folder_of_the_setting_is_meant(data_folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_DATA_DIR", str(data_folder.layout.root))
    with kg.open() as graph:
        assert graph.release


def test_no_folder_no_release_no_server(tmp_path: Path) -> None:
    with pytest.raises(errors.StoreUnavailableError):
        kg.open(tmp_path / "nowhere")
    DataFolder.open(tmp_path / "new", create=True)
    with pytest.raises(errors.StoreUnavailableError, match="kg build"):
        kg.open(tmp_path / "new")


def test_the_page_of_a_service_and_its_endpoint_are_the_same(bundle_service: str) -> None:
    with kg.open(f"{bundle_service}/") as one, kg.open(f"{bundle_service}/sparql") as other:
        assert one.release == other.release != ""
    with pytest.raises(errors.StoreError):
        kg.open(f"{bundle_service}/health")


def test_an_endpoint_of_others_has_no_search(oxigraph: Started) -> None:
    oxigraph.empty()
    with kg.open(oxigraph.query) as graph:
        assert graph.release == ""
        assert len(graph.figures()) == 0
        with pytest.raises(errors.NotFoundError, match="no search"):
            graph.search("china")


def test_without_pandas_the_extra_is_named(data_folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with kg.open(data_folder.layout.root) as graph, pytest.raises(errors.ConfigError, match=r"kg\[pandas\]"):
        graph.figures().pandas()


def test_a_notebook_shows_rows(data_folder: DataFolder) -> None:
    with kg.open(data_folder.layout.root) as graph:
        found: Result = graph.figures()
    assert "<table" in found._repr_html_()
    assert len(builtins.list(found)) == len(found)
