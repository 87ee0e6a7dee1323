"""Rows of networks: by columns as by SPARQL, kept once for a release, and what is wrong with a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import assets, pipeline, queries
from kg.analysis import attributes, definitions, identity
from kg.analysis.definitions import Definition
from kg.analysis.networks import Asking
from kg.analysis.rows import Place, prepare, rows
from kg.cli import opening
from kg.errors import NetworkError, NetworkTooLargeError, ParameterError
from kg.sources import register
from kg.sources.contracts import sample
from kg.store.embedded import EmbeddedStore
from kg.store.release import Release
from kg.store.releases import DataFolder
from kg.vocabulary import SKOS, TT

from ..export.releases import published

CONTRACTS = definitions.find("joint-contracts")
EXAMPLE = Path(__file__).parents[1] / "queries" / "example" / "data.trig"
ID = "https://w3id.org/techtransfer/id/"


def by_both(release: Release, definition: Definition = CONTRACTS) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows by columns, and by SPARQL."""
    with release.open() as store:
        return rows(Place(store, release), definition, {}), rows(Place(store), definition, {})


def same(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    return one.sort(one.columns, nulls_last=True).equals(other.sort(one.columns, nulls_last=True))


@pytest.fixture(scope="module")
def contracts(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release with a made-up register of 1,000 contracts."""
    files = tmp_path_factory.mktemp("register")
    sample.register(1_000).write(files)
    folder = DataFolder.open(tmp_path_factory.mktemp("data") / "data", create=True)
    sources = [register.find("registry"), register.find("contracts").fetched(files)]
    pipeline.build(folder, [*pipeline.bundled(), *pipeline.from_sources(sources)], opening.shapes(), complete=False)
    release = folder.current()
    assert release
    return release


def test_columns_give_what_sparql_gives_of_a_register(contracts: Release) -> None:
    columns, sparql = by_both(contracts)
    assert columns.height == 2_000
    assert same(columns, sparql)
    with contracts.open() as store:
        networks = [Asking.of(place, CONTRACTS).network() for place in (Place(store, contracts), Place(store))]
    assert networks[0].nodes.equals(networks[1].nodes)
    assert networks[0].edges.equals(networks[1].edges)
    assert networks[0].nodes["type"].null_count() == 0


def test_columns_give_what_sparql_gives_of_the_bundle(bundle_release: Release) -> None:
    with bundle_release.open() as store:
        for definition in definitions.load().values():
            columns, sparql = (rows(place, definition, {}) for place in (Place(store, bundle_release), Place(store)))
            assert same(columns, sparql), definition.name


def test_columns_give_what_sparql_gives_of_the_example(tmp_path: Path) -> None:
    store = EmbeddedStore.in_memory()
    store.database.load(path=str(EXAMPLE), format=ox.RdfFormat.TRIG)
    release = published(DataFolder.open(tmp_path / "data", create=True), {"one": store.quads()})
    columns, sparql = by_both(release)
    assert columns.height == 8
    assert same(columns, sparql)


THINGS = st.sampled_from([ox.NamedNode(f"{ID}{name}") for name in ("a", "b", "c>d".replace(">", "%3E"), "大学", "x-1")])
VALUES = THINGS | st.sampled_from(
    [ox.Literal("plain"), ox.Literal('a "quoted" <x> \\ text\n'), ox.Literal("去", language="zh")]
)
DAYS = st.sampled_from(["2020", "2020-02", "2020-02-29"]).map(ox.Literal)
STATEMENTS = st.lists(
    st.tuples(THINGS, st.sampled_from([TT.provider, TT.recipient, TT.channel, TT.theme]), VALUES)
    | st.tuples(THINGS, st.just(TT.agreedOn), DAYS),
    max_size=15,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=STATEMENTS, other=STATEMENTS)
def test_columns_give_what_sparql_gives_of_anything(
    one: list[tuple[ox.NamedNode, str, ox.Term]],
    other: list[tuple[ox.NamedNode, str, ox.Term]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def quads(statements: Iterable[tuple[ox.NamedNode, str, ox.Term]], graph: str) -> list[ox.Quad]:
        return [ox.Quad(s, ox.NamedNode(p), o, ox.NamedNode(f"{ID}{graph}")) for s, p, o in statements]

    folder = DataFolder.open(tmp_path_factory.mktemp("any") / "data", create=True)
    columns, sparql = by_both(published(folder, {"one": quads(one, "g1"), "other": quads(other, "g2")}))
    assert same(columns, sparql)


MATCHED = """
@prefix id: <https://w3id.org/techtransfer/id/> . @prefix tt: <https://w3id.org/techtransfer/ontology#> .
@prefix org: <https://w3id.org/techtransfer/id/org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
id:c1 tt:provider org:register-one ; tt:recipient org:register-two .
id:c2 tt:provider org:one , org:register-one ; tt:recipient org:register-three .
org:register-one skos:exactMatch org:one , <https://ror.org/1> . org:register-two skos:exactMatch <https://ror.org/2> .
org:register-three skos:closeMatch org:one .
"""


def test_a_match_is_followed_one_step_and_only_where_it_is_exact_and_ours(tmp_path: Path) -> None:
    quads = [
        ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(f"{ID}g"))
        for triple in ox.parse(MATCHED, ox.RdfFormat.TURTLE)
    ]
    columns, sparql = by_both(published(DataFolder.open(tmp_path / "data", create=True), {"one": quads}))
    assert same(columns, sparql)
    names = columns.select("event", "actor").rows()
    assert sorted((event.removeprefix(ID), actor.removeprefix(f"{ID}org/")) for event, actor in names) == [
        ("c1", "one"),
        ("c1", "register-two"),
        ("c2", "one"),
        ("c2", "register-three"),
    ]


@pytest.mark.parametrize(("weights", "record", "expected"), [((3, 3), False, 6), ((3, 4), False, 7), ((3, 3), True, 3)])
def test_edges_of_names_that_are_one_are_summed_and_records_stand_once(
    weights: tuple[int, int], record: bool, expected: int
) -> None:
    store = EmbeddedStore.in_memory()
    named = ox.NamedNode(f"{ID}org/register-one"), ox.NamedNode(SKOS.exactMatch), ox.NamedNode(f"{ID}org/one")
    store.apply([ox.Quad(*named, ox.NamedNode(f"{ID}g"))], [])
    ends = {"one": [f"{ID}org/one", f"{ID}org/register-one"], "other": [f"{ID}org/two"] * 2, "weight": weights}
    edges = pl.DataFrame(ends | ({"record": [f"{ID}doc/one"] * 2} if record else {}))
    found = identity.followed(edges, store)
    assert found["one"].unique().to_list() == [f"{ID}org/one"]
    assert found["weight"].sum() == expected


def test_what_registers_fill_is_kept_as_soon_as_a_release_is_there(contracts: Release) -> None:
    prepare(contracts)
    assert rows(Place(EmbeddedStore.in_memory(), contracts), CONTRACTS, {}).height == 2_000


def test_rows_are_asked_for_once(bundle_release: Release) -> None:
    definition = definitions.find("co-issued-policies")
    with bundle_release.open() as store:
        first = rows(Place(store, bundle_release), definition, {})
    nothing = EmbeddedStore.in_memory()
    assert rows(Place(nothing, bundle_release), definition, {}).equals(first)
    changed = replace(definition, query=replace(definition.query, text=f"{definition.query.text}\n# changed\n"))
    assert rows(Place(nothing, bundle_release), changed, {}).height == 0


def test_too_many_rows_are_refused(bundle_release: Release) -> None:
    with bundle_release.open() as store, pytest.raises(NetworkTooLargeError, match="more than 5 rows"):
        rows(Place(store), definitions.find("co-issued-policies"), {}, most=5)


BROKEN = {
    "no end": ("?one", "OPTIONAL { ?s e:none ?one } BIND(?o AS ?other)", "row 1 has no one: "),
    "a day": (
        "?one ?other ?first",
        'BIND(?s AS ?one) BIND(?o AS ?other) BIND("soon" AS ?first)',
        "row 1: first is no day",
    ),
    "a weight": (
        "?one ?other ?weight",
        'BIND(?s AS ?one) BIND(?o AS ?other) BIND("much" AS ?weight)',
        "weight is no number",
    ),
    "no weight": (
        "?one ?other ?weight",
        "BIND(?s AS ?one) BIND(?o AS ?other) OPTIONAL { ?s e:none ?weight }",
        "weight is missing",
    ),
    "records": (
        "?one ?other ?records",
        "BIND(?s AS ?one) BIND(?o AS ?other) BIND(-1 AS ?records)",
        "records is no number",
    ),
}


@pytest.mark.parametrize(("columns", "pattern", "told"), BROKEN.values(), ids=list(BROKEN))
def test_what_is_wrong_with_a_row_is_told(columns: str, pattern: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    names = columns if "?other" in columns else f"{columns} ?other"
    path.write_text(f"PREFIX e: <https://e.org/>\nSELECT {names} WHERE {{ ?s e:p ?o {pattern} }}")
    store = EmbeddedStore.in_memory()
    nodes = [ox.NamedNode(f"https://e.org/{name}") for name in "spo"]
    store.database.add(ox.Quad(*nodes, ox.NamedNode("https://e.org/g")))
    with pytest.raises(NetworkError, match=f"mine: row 1.*{told.removeprefix('row 1')}"):
        rows(Place(store), definitions.find(str(path)), {})


ASKED = {
    "an unknown name": ({"x": "1"}, "parameter x: expected one of role, series, from"),
    "a day that is none": ({"from": "2020"}, "parameter from: expected a day"),
    "days turned round": ({"from": "2021-01-01", "until": "2020-01-01"}, "not before 2021-01-01"),
    "an unknown weighting": ({"weighting": "cosine"}, "one of count, newman"),
    "unknown nodes": ({"nodes": "all"}, "one of actors, events, both"),
    "a negative minimum": ({"minimum": "-1"}, "a number of 0 or more"),
    "a value that is not allowed": ({"role": "author"}, "one of compiledBy, guidedBy, not 'author'"),
    "a value that no record has": (
        {"series": "nobody"},
        "what the records of co-authored-reports have: .*id:series/ncste",
    ),
}


@pytest.mark.parametrize(("given", "told"), ASKED.values(), ids=list(ASKED))
def test_what_is_wrong_with_a_parameter_is_told(given: dict[str, str], told: str, bundle: EmbeddedStore) -> None:
    with pytest.raises(ParameterError, match=told):
        Asking.of(Place(bundle), definitions.find("co-authored-reports"), given)


def test_attributes_are_the_same_by_columns(bundle_release: Release, contracts: Release) -> None:
    for release, name in ((bundle_release, "institutions-and-themes"), (contracts, "joint-contracts")):
        with release.open() as store:
            place = Place(store, release)
            network = Asking.of(place, definitions.find(name), {"nodes": "both"}, attributes=False).network()
            asked = attributes.described(network, place)
            read = attributes.described(network, place, most_asked=0)
        assert "area" in asked.nodes.columns
        assert read.nodes.equals(asked.nodes)


def test_nodes_are_cut_by_what_they_are_and_weights_stay(bundle: EmbeddedStore) -> None:
    def network(**given: str) -> dict[tuple[str, str], float]:
        made = Asking.of(
            Place(bundle), definitions.find("co-authored-reports"), {"weighting": "newman", **given}
        ).network()
        iris = made.nodes["iri"]
        return {(iris[one], iris[other]): weight for one, other, weight, _ in made.edges.iter_rows()}

    whole, china = network(), network(area="CN")
    assert 0 < len(china) < len(whole)
    assert china.items() <= whole.items()
    assert network(area="CN", kind="university") == {}


def test_every_edge_has_as_many_records_as_it_says(bundle: EmbeddedStore) -> None:
    for name in ("co-authored-reports", "co-issued-policies", "institutions-and-themes", "relay-chains"):
        asking = Asking.of(Place(bundle), definitions.find(name))
        network = asking.network()
        iris = network.nodes["iri"]
        assert network.size
        for one, other, _, records in network.edges.iter_rows():
            assert asking.behind(iris[one], iris[other]).height == records


def test_projection_agrees_with_the_query_that_sums_in_sparql(bundle: EmbeddedStore) -> None:
    given = {"weighting": "newman"}
    network = Asking.of(Place(bundle), definitions.find("co-authored-reports"), given, attributes=False).network()
    summed = queries.load(assets.folder("queries"))["networks/co-compilation-edges"].run(bundle)
    wanted = {(one.value, other.value): (int(n.value), float(w.value)) for one, other, n, w in summed.rows}  # type: ignore[union-attr]
    iris = network.nodes["iri"]
    found = {(iris[one], iris[other]): (records, weight) for one, other, weight, records in network.edges.iter_rows()}
    assert found == {pair: (n, pytest.approx(w)) for pair, (n, w) in wanted.items()}
