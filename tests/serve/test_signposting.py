"""What machines find on pages: signposts, schema.org, Dublin Core, HTML without errors, self-contained JSON-LD."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest
import rdflib
from rdflib.compare import isomorphic

from kg import iris
from kg.cli.helping import command_line
from kg.queries import NamedQuery
from kg.serve.languages import INTERFACES
from kg.serve.resources.addresses import SUFFIXES
from kg.store.releases import DataFolder

with warnings.catch_warnings():  # both use what Python or another library is about to drop
    warnings.simplefilter("ignore")
    import html5lib
    import signposting
    from pyld import jsonld

Serve = Callable[..., AbstractContextManager[httpx.Client]]

BASE = iris.BASE
THINGS = {
    "id/cell/8701f581cad81922": ("Dataset", 10),
    "id/obs/ncste/contract-value-six-ways-2020-r50": ("Observation", 0),
    "id/org/ncste": ("Organization", 0),
    "id/edition/ncste-2021": ("Report", 0),
    "id/series/ncste": ("CreativeWorkSeries", 8),
    "id/policy/patent-action-plan-2023": ("Legislation", 0),
    "id/recommendation/recommendations/existing-patents-stocktaking": ("Claim", 0),
    "concept/channel/licensing": ("DefinedTerm", 0),
    "id/doc/cd22r": ("CreativeWork", 20),
    "id/area/CN": ("Place", 0),
}
"""One thing of each main class, its kind in schema.org, and how many items its page names."""
PAGES = (
    "/",
    "/queries",
    "/queries/figures/contract-value-by-year",
    "/sparql?query=ASK%7B%7D",
    "/search",
    "/search?q=university&class=tt:Organization",
    "/validation",
    "/ontology",
    "/shapes",
    "/help",
    "/help/commands",
    "/help/settings",
    "/help/glossary",
    "/help/search?q=release+rolback",
)


@pytest.fixture(scope="module")
def client(data_folder: DataFolder, serve: Serve, named_queries: dict[str, NamedQuery]) -> Iterator[httpx.Client]:
    """The service over the bundled sources."""
    with serve(data_folder.current, named_queries=named_queries, workers=2, commands=command_line()) as client:
        yield client


def address(client: httpx.Client, path: str) -> str:
    return str(client.base_url.join(path))


@pytest.mark.parametrize("path", THINGS)
def test_a_signposting_client_finds_its_way(client: httpx.Client, path: str) -> None:
    kind, items = THINGS[path]
    page = address(client, f"/page/{path}")
    ways = [
        signposting.find_signposting_http(page),
        signposting.find_signposting_html(page),
        signposting.find_signposting_linkset(address(client, f"/linkset/{path}")).for_context(page),
    ]
    for found in ways:
        assert found.citeAs.target == f"{BASE}{path}"
        assert {signpost.target for signpost in found.types} == {
            f"https://schema.org/{kind}",
            "https://schema.org/AboutPage",
        }
        assert found.license.target == "https://creativecommons.org/licenses/by/4.0/"
        described = {(signpost.target, signpost.type) for signpost in found.describedBy}
        assert len(described) == len(SUFFIXES)
        assert (address(client, f"/about/{path}.ttl"), "text/turtle") in described
    assert len(ways[0].items) == items
    assert len(ways[2].items) >= items
    assert {signpost.target for signpost in ways[0].linksets} == {address(client, f"/linkset/{path}")}
    for signpost in ways[0].describedBy:
        assert client.head(signpost.target).headers["content-type"].partition(";")[0] == signpost.type


def test_a_part_leads_to_its_whole_and_a_description_to_its_page(client: httpx.Client) -> None:
    edition = signposting.find_signposting_http(address(client, "/page/id/edition/ncste-2021"))
    assert edition.collection.target == f"{BASE}id/series/ncste"
    link = client.get("/about/id/org/ncste.ttl").headers["link"]
    assert '</page/id/org/ncste>; rel="describes"; type="text/html"' in link
    assert client.get("/id/org/ncste").links["cite-as"]["url"] == f"{BASE}id/org/ncste"
    contexts = client.get("/linkset/id/org/ncste").json()["linkset"]
    (back,) = (context for context in contexts if context["anchor"] == address(client, "/about/id/org/ncste.nt"))
    assert back["describes"] == [{"href": address(client, "/page/id/org/ncste"), "type": "text/html"}]


def refused(url: str, options: Any) -> Any:
    raise AssertionError(f"{url} was to be fetched")


def schema_org(client: httpx.Client, path: str) -> dict[str, Any]:
    text = client.get(f"/page/{path}").text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    found: dict[str, Any] = json.loads(block)
    return found


@pytest.mark.parametrize("path", THINGS)
def test_a_page_holds_schema_org_that_needs_nothing_from_elsewhere(client: httpx.Client, path: str) -> None:
    document = schema_org(client, path)
    (expanded,) = jsonld.expand(document, {"documentLoader": refused})
    assert expanded["@id"] == f"{BASE}{path}"
    assert f"https://schema.org/{THINGS[path][0]}" in expanded["@type"]
    names = {name.get("@language") for name in expanded.get("https://schema.org/name", [])}
    assert {"en", "zh"} <= names or path.startswith(("id/obs", "id/cell"))


def test_names_identities_and_wholes_are_in_it(client: httpx.Client) -> None:
    document = schema_org(client, "id/org/ncste")
    assert {"@value": "国家科技评估中心", "@language": "zh"} in document["name"]
    assert {"@value": "NCSTE", "@language": "en"} in document["alternateName"]
    assert document["parentOrganization"] == [f"{BASE}id/org/most"]
    text = client.get("/page/id/org/ncste").text
    assert f'<meta name="DCTERMS.identifier" content="{BASE}id/org/ncste">' in text
    assert '<meta name="DCTERMS.alternative" content="国家科技评估中心" lang="zh">' in text


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("path", THINGS)
def test_a_second_processor_reads_the_same_from_json_ld(client: httpx.Client, path: str) -> None:
    """PyLD is the processor of JSON-LD's own authors."""
    document = client.get(f"/about/{path}.jsonld").json()
    options = {"format": "application/n-quads", "documentLoader": refused}
    read = rdflib.Graph().parse(data=jsonld.to_rdf(document, options), format="nt")
    assert isomorphic(read, rdflib.Graph().parse(data=client.get(f"/about/{path}.nt").text, format="nt"))


@pytest.mark.parametrize("language", INTERFACES)
@pytest.mark.parametrize("path", [*(f"/page/{path}" for path in THINGS), *PAGES])
def test_a_page_is_html_without_an_error(client: httpx.Client, path: str, language: str) -> None:
    response = client.get(path, headers={"accept": "text/html", "accept-language": language})
    assert response.status_code == 200
    html5lib.HTMLParser(strict=True).parse(response.text)
