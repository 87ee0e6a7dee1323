"""Every thing has an address that answers in the form that the client wants, and the same in each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic, to_isomorphic

from kg import iris
from kg.queries import NamedQuery
from kg.serve.resources.addresses import SUFFIXES, Addresses
from kg.store.canonical import canonical
from kg.store.release import Release
from kg.store.releases import DataFolder

from .test_pages import Page

Serve = Callable[..., AbstractContextManager[httpx.Client]]

BASE = iris.BASE
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
RDFLIB = {"ttl": "turtle", "trig": "trig", "nt": "nt", "nq": "nquads", "jsonld": "json-ld", "rdf": "xml"}
CLASSES = f"""SELECT ?class (MIN(?thing) AS ?one) {{
  ?thing a ?class FILTER(STRSTARTS(STR(?thing), "{BASE}"))
}} GROUP BY ?class ORDER BY ?class"""


@pytest.fixture(scope="module")
def client(data_folder: DataFolder, serve: Serve, named_queries: dict[str, NamedQuery]) -> Iterator[httpx.Client]:
    """The service over the bundled sources."""
    with serve(data_folder.current, named_queries=named_queries, workers=2) as client:
        yield client


@pytest.mark.parametrize(
    ("accept", "leads_to"),
    [
        ("", "/about/id/org/ncste.ttl"),
        ("*/*", "/about/id/org/ncste.ttl"),
        ("text/turtle", "/about/id/org/ncste.ttl"),
        ("application/trig", "/about/id/org/ncste.trig"),
        ("application/n-triples", "/about/id/org/ncste.nt"),
        ("application/n-quads", "/about/id/org/ncste.nq"),
        ("application/ld+json", "/about/id/org/ncste.jsonld"),
        ("application/rdf+xml", "/about/id/org/ncste.rdf"),
        ("text/html", "/page/id/org/ncste"),
        (BROWSER, "/page/id/org/ncste"),
        ("text/turtle;q=0.4, application/rdf+xml;q=0.8, text/html;q=0.5", "/about/id/org/ncste.rdf"),
        ("text/turtle;q=0, */*;q=0.1", "/about/id/org/ncste.nt"),
    ],
)
def test_a_thing_leads_on_to_the_document_that_suits(client: httpx.Client, accept: str, leads_to: str) -> None:
    for method in ("GET", "HEAD"):
        response = client.request(method, "/id/org/ncste", headers={"accept": accept})
        assert (response.status_code, response.headers["location"]) == (303, leads_to)
        assert "Accept" in response.headers["vary"]
    assert client.get(leads_to).status_code == 200


def test_the_language_that_was_asked_for_goes_along(client: httpx.Client) -> None:
    response = client.get("/concept/channel/licensing?lang=zh", headers={"accept": BROWSER})
    assert response.headers["location"] == "/page/concept/channel/licensing?lang=zh"


@pytest.fixture(scope="module")
def things(client: httpx.Client) -> dict[str, str]:
    """One thing of each class."""
    rows = client.get("/sparql", params={"query": CLASSES, "format": "json"}).json()["results"]["bindings"]
    found = {row["class"]["value"]: row["one"]["value"] for row in rows}
    assert len(found) > 40
    return found


def graph(response: httpx.Response, suffix: str) -> rdflib.Graph:
    """What rdflib reads, named graphs merged, numbers as values: each syntax writes those in its own way."""
    assert response.status_code == 200, response.text
    merged, dataset = rdflib.Graph(), rdflib.Dataset(default_union=True)
    dataset.parse(data=response.content, format=RDFLIB[suffix])
    for s, p, o, _ in dataset.quads((None, None, None, None)):
        merged.add((s, p, rdflib.Literal(o.value, datatype=o.datatype) if number(o) else o))
    return merged


def number(term: Any) -> bool:
    return isinstance(term, rdflib.Literal) and term.datatype in {rdflib.XSD.decimal, rdflib.XSD.integer}


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_all_syntaxes_hold_one_graph_for_every_class(client: httpx.Client, things: dict[str, str]) -> None:
    for kind, thing in things.items():
        params = {"iri": thing}
        graphs = {
            suffix: to_isomorphic(graph(client.get("/about", params={**params, "format": suffix}), suffix))
            for suffix in SUFFIXES
        }
        first = graphs.pop("ttl")
        assert len(first) > 3
        assert (rdflib.URIRef(thing), rdflib.RDF.type, rdflib.URIRef(kind)) in first
        assert [suffix for suffix, other in graphs.items() if not isomorphic(first, other)] == [], thing


def test_a_description_is_concise_has_labels_and_says_where_it_is_from(client: httpx.Client) -> None:
    dataset = set(ox.parse(client.get("/about/id/org/ncste.trig").content, ox.RdfFormat.TRIG))
    thing, most = ox.NamedNode(f"{BASE}id/org/ncste"), ox.NamedNode(f"{BASE}id/org/most")
    document = ox.NamedNode(f"{BASE}about/id/org/ncste")
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    graph_names = {quad.graph_name for quad in dataset if quad.subject == thing}
    assert graph_names == {ox.NamedNode(f"{BASE}graph/registry")}
    assert {quad.object.language for quad in dataset if (quad.subject, quad.predicate) == (most, label)} == {"en", "zh"}
    said = {
        (quad.predicate.value.rpartition("/")[2], quad.object.value) for quad in dataset if quad.subject == document
    }
    assert ("primaryTopic", thing.value) in said
    assert ("license", "https://creativecommons.org/licenses/by/4.0/") in said
    assert ("ns/prov#wasDerivedFrom".rpartition("/")[2], f"{BASE}graph/registry") in said
    assert not [quad for quad in dataset if quad.predicate != label and quad.subject == most]


def test_blank_nodes_are_part_of_what_they_belong_to(client: httpx.Client) -> None:
    body = client.get("/about", params={"iri": f"{BASE}ontology#hasParticipant", "format": "nt"}).text
    assert body.count("22-rdf-syntax-ns#first>") == 2
    (node, *_) = {line.split()[0] for line in body.splitlines() if "ns#first>" in line}
    response = client.get(node.strip("<>").replace(BASE, "/"), follow_redirects=True)
    assert response.status_code == 200


PAGES = {
    "id/cell/8701f581cad81922": (
        "What is claimed",
        "125.6 billion CNY (125.55–125.65)",
        "paragraph 2",
        "rounding",
        "reprint",
        "<svg",
    ),
    "id/obs/ncste/contract-value-six-ways-2020-r50": ("What is claimed", 'aria-current="true"', "One of 10 claims"),
    "id/org/ncste": ("Roles in reports", "compiled by", "2021 edition of the annual report"),
    "id/population/ncste-filers": ("Figures about it",),
    "id/edition/ncste-2021": ("Who is said to have compiled", "What it is said to say", "466,882"),
    "id/series/ncste": ("Time line", "covers 2019-01-01 to 2019-12-31"),
    "id/policy/patent-action-plan-2023": ("The chain", "may address", "measured by", "800,000,000,000"),
    "id/recommendation/recommendations/existing-patents-stocktaking": ("The chain", "implements"),
    "concept/channel/licensing": ("Headings of outside surveys", "licenses executed", "AUTM"),
    "id/doc/cd22r": ("Everything it states", "445,905"),
    "id/area/CN": ("Statements", "Referred to"),
}
"""What the page of a thing of each main class says."""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_suits_the_class_of_its_thing(client: httpx.Client, path: str) -> None:
    text = client.get(f"/page/{path}").text
    assert [said for said in PAGES[path] if said not in text] == []
    page = Page(text)
    identifiers = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    assert len(page.all("caption")) == len(page.all("table"))
    assert len(page.all("h1")) == 1


@pytest.mark.parametrize("accept", ["text/turtle", "application/rdf+xml", "application/ld+json", "application/n-quads"])
def test_what_is_not_there_is_told_in_the_form_asked_for(client: httpx.Client, accept: str) -> None:
    response = client.get("/id/org/nobody", headers={"accept": accept})
    assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (404, accept)
    syntax = ox.RdfFormat.from_media_type(accept)
    assert syntax is not None
    said = {quad.predicate.value: quad.object.value for quad in ox.parse(response.content, syntax)}
    assert said["http://www.w3.org/2011/http#statusCodeValue"] == "404"
    assert f"{BASE}id/org/nobody" in said["http://purl.org/dc/terms/description"]


def test_errors_are_pages_for_people_and_problems_for_programs(client: httpx.Client) -> None:
    page = client.get("/id/org/nobody", headers={"accept": BROWSER})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    for path, accept, status, code in (
        ("/id/org/nobody", "*/*", 404, "not-found"),
        ("/id/org/ncste", "image/png", 406, "not-acceptable"),
        ("/about/id/org/ncste", "", 404, "not-found"),
        ("/about/id/org/ncste.docx", "", 404, "not-found"),
        ("/page?iri=nonsense", "", 400, "parameter"),
        ("/page", "", 400, "parameter"),
        ("/page/id/org/ncste?lang=%3Cb%3E", "", 400, "parameter"),
        ("/page/id/org/ncste?in=x", "", 400, "parameter"),
        ("/id/org/ncste?format=docx", "", 400, "parameter"),
    ):
        response = client.get(path, headers={"accept": accept})
        assert (response.status_code, response.json()["code"]) == (status, code), path


def test_a_client_that_has_a_document_is_not_sent_it_again(client: httpx.Client) -> None:
    for path in ("/about/id/org/ncste.ttl", "/page/id/org/ncste", "/ontology", "/shapes.nt"):
        tag = client.get(path).headers["etag"]
        again = client.get(path, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get("/page/id/org/ncste?lang=zh").headers["etag"] != client.get("/page/id/org/ncste").headers["etag"]


def test_what_refers_to_a_thing_is_counted_and_listed_by_pages(client: httpx.Client) -> None:
    thing, unit = f"{BASE}concept/unit/count", f"{BASE}ontology#unit"
    seen: list[str] = []
    address = f"/page/concept/unit/count?in={unit.replace('#', '%23')}"
    while address:
        text = client.get(address).text
        listed = text.partition('<ul aria-labelledby="incoming">')[2].partition("</ul>")[0]
        seen += [part.partition('"')[0] for part in listed.split('href="')[1:]]
        address = text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    query = f"SELECT (COUNT(*) AS ?n) {{ ?s <{unit}> <{thing}> }}"
    total = client.get("/sparql", params={"query": query, "format": "csv"}).text.split()[1]
    assert len(seen) == len(set(seen)) == int(total) > 200
    assert f"unit: {int(total):,}" in client.get("/page/concept/unit/count").text


def test_the_ontology_and_the_shapes_have_an_anchor_for_every_term(client: httpx.Client) -> None:
    for name, least in (("ontology", 200), ("shapes", 200)):
        page = client.get(f"/{name}", headers={"accept": BROWSER}).text
        triples = ox.parse(
            client.get(f"/{name}", headers={"accept": "application/n-triples"}).content, ox.RdfFormat.N_TRIPLES
        )
        terms = {
            quad.subject.value
            for quad in triples
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(f"{BASE}{name}#")
        }
        assert len(terms) > least
        assert [term for term in terms if f'id="{term.partition("#")[2]}"' not in page] == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_the_vocabularies_are_one_graph_in_every_syntax(client: httpx.Client) -> None:
    for name in ("ontology", "shapes"):
        sizes = {suffix: len(graph(client.get(f"/{name}.{suffix}"), suffix)) for suffix in SUFFIXES}
        assert len(set(sizes.values())) == 1, sizes


def test_a_term_leads_to_its_anchor(client: httpx.Client) -> None:
    text = client.get("/page/id/org/ncste").text
    assert 'href="/ontology#homeArea"' in text


def test_what_an_earlier_release_had_is_gone(
    tmp_path: Path, serve: Serve, named_queries: dict[str, NamedQuery]
) -> None:
    folder = DataFolder.open(tmp_path / "data", create=True)
    for things in (("one", "two"), ("two",)):
        text = "".join(f"<{BASE}id/org/{name}> <x:p> <x:o> <x:g> .\n" for name in things)
        with folder.stage() as staging:
            staging.replace_segment("a", canonical(ox.parse(text, format=ox.RdfFormat.N_QUADS)))
            staging.publish(tool="kg test")
    with serve(folder.current, named_queries=named_queries, workers=1) as client:
        for accept, told in (
            ("text/turtle", "text/turtle"),
            (BROWSER, "text/html"),
            ("*/*", "application/problem+json"),
        ):
            response = client.get("/id/org/one", headers={"accept": accept})
            assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (410, told)
            assert "earlier release" in response.text
        assert client.get("/about/id/org/one.nt").status_code == 410
        assert client.get("/page/id/org/one").status_code == 410
        assert client.get("/id/org/two").status_code == 303
        assert client.get("/id/org/three").status_code == 404


def test_things_of_a_base_of_ones_own_are_served_by_path(
    make_release: Callable[..., Release], tmp_path: Path, serve: Serve, named_queries: dict[str, NamedQuery]
) -> None:
    own, graph = "https://data.example.org/", ox.NamedNode("https://data.example.org/graph")
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    thing, other = ox.NamedNode(f"{own}id/org/mine"), ox.NamedNode(f"{own}concept/kind")
    quads = (
        ox.Quad(thing, label, ox.Literal("mine", language="en"), graph),
        ox.Quad(thing, ox.NamedNode(f"{own}kind"), other, graph),
    )
    release = make_release(tmp_path, quads=quads)
    with serve(lambda: release, named_queries=named_queries, workers=1, base=own) as client:
        assert client.get("/id/org/mine").headers["location"] == "/about/id/org/mine.ttl"
        assert 'href="/concept/kind"' in client.get("/page/id/org/mine").text
        assert f"<{own}about/id/org/mine>" in client.get("/about/id/org/mine.nt").text
        assert client.get("/id/period/CY2020").status_code == 303
    with serve(lambda: release, named_queries=named_queries, workers=1) as client:
        assert client.get("/id/org/mine").status_code == 404
        assert client.get("/page", params={"iri": thing.value}).status_code == 200


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><script>",
    "</script><script>",
    "{{ 7 * 7 }}{% include 'x' %}",
    "<!--",
    "]]>",
    "\u202e\u0000\ud7ff\ufdd0",
)
SCHEMES = ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd")


def valid(text: str) -> str:
    """As much of a text as an IRI may hold: the library lets nothing else in."""
    return "".join(letter for letter in text if letter not in '<>"{}[]|\\^`% ' and letter.isprintable())


def hostile() -> Iterator[ox.Quad]:
    """Labels, IRIs and language tags that try to be something else."""
    thing, graph = ox.NamedNode(f"{BASE}id/hostile"), ox.NamedNode("https://example.org/g?'onload=x")
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    for number, text in enumerate(HOSTILE):
        name = valid(text)
        other = ox.NamedNode(f"{BASE}id/{name}")
        yield ox.Quad(thing, label, ox.Literal(text), graph)
        yield ox.Quad(thing, ox.NamedNode(f"https://example.org/{name}"), other, graph)
        yield ox.Quad(other, label, ox.Literal(text, language="en-x-" + "abcdefghi"[number]), graph)
        yield ox.Quad(other, ox.NamedNode(f"https://example.org/{number}"), thing, graph)
        yield ox.Quad(thing, ox.NamedNode("https://example.org/has"), ox.Literal(text, datatype=other), graph)
    for scheme in SCHEMES:
        yield ox.Quad(thing, ox.NamedNode("https://example.org/leads"), ox.NamedNode(scheme), graph)
        yield ox.Quad(ox.NamedNode(scheme), ox.NamedNode(scheme), thing, graph)


def test_labels_and_iris_cannot_inject_anything(
    make_release: Callable[..., Release], tmp_path: Path, serve: Serve, named_queries: dict[str, NamedQuery]
) -> None:
    release = make_release(tmp_path, quads=tuple(hostile()))
    with serve(lambda: release, named_queries=named_queries, workers=1) as client:
        pages = [
            "/page/id/hostile",
            "/page/id/hostile?lang=zh",
            *(Addresses().page(f"{BASE}id/{valid(text)}") for text in HOSTILE),
            *(Addresses().page(scheme) for scheme in SCHEMES),
            Addresses().page(f"{BASE}id/hostile", **{"in": "javascript:alert(1)"}),
            Addresses().page("https://example.org/g?'onload=x"),
        ]
        for path in pages:
            response = client.get(path)
            assert response.status_code in (200, 404), path
            page = Page(response.text)
            assert {"script", "img", "style", "iframe"} & {tag for tag, _ in page.tags if tag != "script"} == set()
            assert [s for s in page.all("script") if s.get("type") != "application/ld+json"] == []
            assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
            for anchor in page.all("a"):
                address = str(anchor["href"])
                assert address.startswith(("/", "#", "http://", "https://", "mailto:")), address
                assert not address.startswith("//")
                assert address.startswith(("/", "#")) or "noopener" in str(anchor["rel"])
        assert "{{ 7 * 7 }}" in client.get("/page/id/hostile").text
        for suffix in SUFFIXES:
            answer = client.get(f"/about/id/hostile.{suffix}")
            assert answer.status_code == (406 if suffix == "rdf" else 200)


def test_what_has_too_many_links_to_be_sorted_is_listed_in_part(named_queries: dict[str, NamedQuery]) -> None:
    thing, link = ox.NamedNode(f"{BASE}id/hub"), ox.NamedNode("https://example.org/of")
    store = ox.Store()
    graph = ox.NamedNode("https://example.org/g")
    store.extend(ox.Quad(ox.NamedNode(f"{BASE}id/x/{number}"), link, thing, graph) for number in range(300))
    query = named_queries["resources/links-to-thing"]
    found = [
        [
            row["subject"].value
            for row in store.query(query.bind({"thing": thing.value, "sorted": way}), use_default_graph_as_union=True)
        ]
        for way in ("true", "false")
    ]
    assert found[0] == sorted(found[0]) != sorted(found[1])
    assert [len(set(subjects)) for subjects in found] == [100, 100]


def test_a_thing_with_many_statements_is_told_in_part(
    make_release: Callable[..., Release], tmp_path: Path, serve: Serve, named_queries: dict[str, NamedQuery]
) -> None:
    hub, graph = ox.NamedNode(f"{BASE}id/hub"), ox.NamedNode("https://example.org/g")
    names = [ox.NamedNode(f"{BASE}id/x/{number:04}") for number in range(3000)]
    quads = [ox.Quad(hub, ox.NamedNode("https://example.org/has"), name, graph) for name in names]
    quads += [ox.Quad(name, ox.NamedNode("https://example.org/of"), hub, graph) for name in names]
    release = make_release(tmp_path, quads=tuple(quads))
    with serve(lambda: release, named_queries=named_queries, workers=1) as client:
        page = client.get("/page/id/hub").text
        assert "3,000 in all" in page
        assert "of: 3,000" in page
        assert page.count("<dd>") == 50
        everything = re.search(r'href="(/sparql[^"]+)"', page)
        assert everything
        assert client.get(everything[1].replace("&amp;", "&")).text.count("id/x/") >= 3000
        body = client.get("/about/id/hub.nt").text
        assert body.count("<https://example.org/has>") == 1000
        assert "1,000 of 3,000 statements" in body
