"""/search, /suggest and /opensearch.xml: for programs, people and browsers."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import unquote

import httpx
import pyoxigraph as ox
import pytest

from kg import iris
from kg.queries import NamedQuery
from kg.search import ready
from kg.store.canonical import canonical
from kg.store.releases import DataFolder, Release
from kg.vocabulary import RDFS

Serve = Callable[..., AbstractContextManager[httpx.Client]]
BROWSER = {"accept": "text/html"}


@pytest.fixture(scope="module")
def bundle_client(
    data_folder: DataFolder, serve: Serve, named_queries: dict[str, NamedQuery]
) -> Iterator[httpx.Client]:
    """The service over the bundled sources."""
    with serve(data_folder.current, named_queries=named_queries) as client:
        yield client


def test_programs_are_told_in_json(bundle_client: httpx.Client, bundle_release: Release) -> None:
    told = bundle_client.get("/search", params={"q": "清华", "limit": 1}).json()
    assert told["release"] == bundle_release.id
    (hit,) = told["hits"]
    assert hit["iri"] == f"{iris.ID}org/tsinghua-university"
    assert (hit["label"], hit["matched"], hit["match"]) == ("Tsinghua University", "清华大学", "beginning")
    assert hit["href"] == f"{bundle_client.base_url}/page/id/org/tsinghua-university"
    assert bundle_client.get(hit["href"]).status_code == 200
    assert told["facetsExact"] is True
    assert {"value": "CN", "label": "China", "count": 1} in told["facets"]["country"]


def test_names_come_in_the_language_asked_for(bundle_client: httpx.Client) -> None:
    by_header = bundle_client.get("/search?q=tsinghua", headers={"accept-language": "zh-CN"}).json()
    by_address = bundle_client.get("/search?q=tsinghua&lang=zh").json()
    assert by_header["hits"][0]["label"] == by_address["hits"][0]["label"] == "清华大学"


def test_pages_follow_one_another(bundle_client: httpx.Client) -> None:
    whole = bundle_client.get("/search?q=university&limit=100").json()
    address, found = "/search?q=university&limit=20", list[str]()
    while address:
        response = bundle_client.get(address)
        found += [hit["iri"] for hit in response.json()["hits"]]
        address = response.links["next"]["url"] if "next" in response.links else ""
        assert bool(address) == (response.json()["next"] is not None)
    assert found == [hit["iri"] for hit in whole["hits"]]
    assert len(found) == whole["total"] > 20


@pytest.mark.parametrize("address", ["/search?q=university", "/search?q=university&format=html", "/suggest?q=univ"])
def test_a_client_that_has_the_answer_is_told_so(address: str, bundle_client: httpx.Client) -> None:
    tag = bundle_client.get(address).headers["etag"]
    again = bundle_client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = bundle_client.get(f"{address}&lang=zh", headers={"if-none-match": tag})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("/search", "words to look for"),
        ("/search?q=", "words to look for"),
        ("/search?q=%20", "words to look for"),
        (f"/search?q={'x' * 10_000}", "at most 300 characters"),
        (f"/suggest?q={'x' * 301}", "at most 300 characters"),
        ("/search?q=a&year=soon", "2018-2022"),
        ("/search?q=a&limit=0", "from 1 to 100"),
        ("/search?q=a&limit=-1", "limit"),
        ("/search?q=a&limit=²", "limit"),
        ("/suggest?q=a&limit=21", "from 1 to 20"),
        ("/search?q=a&after=nowhere", "after"),
        ("/search?q=a&clas=Policy", "one of q, class"),
        ("/suggest?q=a&after=1", "one of q, class"),
        ("/search?q=a&lang=_", "language tag"),
    ],
)
def test_what_is_wrong_is_a_problem(address: str, detail: str, bundle_client: httpx.Client) -> None:
    response = bundle_client.get(address)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "parameter"
    assert detail in response.json()["detail"]


def test_what_is_typed_is_completed(bundle_client: httpx.Client) -> None:
    told = bundle_client.get("/suggest?q=tsinghua univ&limit=3").json()
    assert told["query"] == "tsinghua univ"
    assert told["suggestions"][0]["label"] == "Tsinghua University"
    assert bundle_client.get("/suggest?q=").json()["suggestions"] == []
    assert bundle_client.get("/suggest?q=tsingua").json()["suggestions"][0]["match"] == "near"


def test_browsers_are_told_how_to_search(bundle_client: httpx.Client) -> None:
    page = bundle_client.get("/search", headers=BROWSER).text
    assert '<link rel="search" type="application/opensearchdescription+xml" href="/opensearch.xml"' in page
    response = bundle_client.get("/opensearch.xml")
    assert response.headers["content-type"].startswith("application/opensearchdescription+xml")
    root = ET.fromstring(response.text)  # noqa: S314
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    urls = {url.get("type"): str(url.get("template")) for url in root.iter(f"{space}Url") if url.get("rel") != "self"}
    assert urls.keys() == {"text/html", "application/json", "application/x-suggestions+json"}
    assert len(str(root.findtext(f"{space}ShortName"))) <= 16
    assert len(str(root.findtext(f"{space}Description"))) <= 1024
    for kind, template in urls.items():
        answer = bundle_client.get(template.replace("{searchTerms}", "tsing"))
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(str(kind))
    text, names, kinds, addresses = answer.json()
    assert text == "tsing"
    assert names[0] == "Tsinghua University"
    assert len(names) == len(kinds) == len(addresses)
    assert bundle_client.get(addresses[0]).status_code == 200


def test_a_page_works_without_scripts(bundle_client: httpx.Client) -> None:
    page = bundle_client.get("/search?q=univrsity tokyo", headers=BROWSER).text
    assert '<form action="/search" method="get" role="search">' in page
    assert 'value="univrsity tokyo"' in page
    assert 'href="/page/id/org/university-of-tokyo" lang="en">University of Tokyo</a>' in page
    assert "spelt differently" in page
    assert "<script" not in page
    assert '<a href="/search" aria-current="page">Search</a>' in page


def test_facets_are_links_that_choose_and_take_back(bundle_client: httpx.Client) -> None:
    page = bundle_client.get("/search?q=university&lang=zh", headers=BROWSER).text
    (link,) = re.findall(r'<a href="(/search\?[^"]*country=JP[^"]*)"', page)
    chosen = bundle_client.get(link.replace("&amp;", "&"), headers=BROWSER).text
    assert 'lang="zh">' in chosen
    (back,) = re.findall(r'<a href="([^"]*)" rel="nofollow" aria-current="true"', chosen)
    assert "country" not in back
    assert '<input type="hidden" name="country" value="JP">' in chosen
    total = int(re.findall(r"共找到：(\d+)", chosen)[0])
    assert total == bundle_client.get("/search?q=university&country=JP").json()["total"] > 0


def test_the_language_of_the_words_is_kept(bundle_client: httpx.Client) -> None:
    page = bundle_client.get("/search?q=university&lang=zh", headers=BROWSER).text
    assert '<input type="hidden" name="lang" value="zh">' in page
    assert all("lang=zh" in link for link in re.findall(r'rel="next nofollow" href="([^"]*)"', page))


def test_what_was_wrong_can_be_mended_on_the_page(bundle_client: httpx.Client) -> None:
    response = bundle_client.get("/search?q=a&year=soon", headers=BROWSER)
    assert response.status_code == 400
    assert 'role="alert"' in response.text
    assert 'aria-invalid="true"' in response.text


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "<img src=x onerror=alert(1)>", "{{7*7}}", "%00", "'"])
def test_what_is_typed_is_escaped(text: str, bundle_client: httpx.Client) -> None:
    page = bundle_client.get("/search", params={"q": unquote(text), "class": text}, headers=BROWSER).text
    assert "<script" not in page
    assert "<img" not in page
    assert "49" not in re.sub(r"<[^>]*>", "", page.split("<main")[1])


def test_head_is_answered(bundle_client: httpx.Client) -> None:
    for address in ("/search?q=a", "/suggest?q=a", "/opensearch.xml"):
        assert bundle_client.head(address).status_code == 200


def test_a_graph_without_segments_is_not_searched(client: httpx.Client) -> None:
    response = client.get("/search?q=a")
    assert response.status_code == 404
    assert "kg push" in response.json()["detail"]
    assert 'href="/search"' not in client.get("/", headers=BROWSER).text


def publish(folder: DataFolder, name: str) -> Release:
    graph, thing = ox.NamedNode("https://example.org/g"), ox.NamedNode(f"https://example.org/{name}")
    quad = ox.Quad(thing, ox.NamedNode(RDFS.label), ox.Literal(name, language="en"), graph)
    with folder.stage() as staging:
        staging.replace_segment("source", canonical([quad]))
        return staging.publish(tool="test")


def test_an_index_that_is_not_there_is_made_and_a_new_release_followed(
    tmp_path: Path, serve: Serve, named_queries: dict[str, NamedQuery]
) -> None:
    folder = DataFolder.open(tmp_path / "data", create=True)
    first = publish(folder, "alpha")
    assert not ready(first)
    with serve(folder.current, named_queries=named_queries, look_seconds=0.05) as client:
        assert client.get("/search?q=alpha").json()["total"] == 1
        second = publish(folder, "beta")
        deadline = time.monotonic() + 60
        while (told := client.get("/search?q=beta").json())["release"] != second.id:
            assert told["release"] == first.id  # it answers meanwhile
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert told["total"] == 1
        assert client.get("/search?q=alpha").json()["total"] == 0
