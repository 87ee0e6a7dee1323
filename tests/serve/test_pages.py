"""Pages: complete without scripts, well formed, and safe whatever the data says."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import httpx
import pytest

PAGES = (
    "/",
    "/queries",
    "/sparql",
    "/queries/figures/contract-value-by-year",
    "/queries/provenance/places-in-text",
    "/queries/figures/counts-by-class?language=zh",
)
VOID = {"meta", "link", "input"}


class Page(HTMLParser):
    """What a page is made of; fails on tags that are not closed in turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def shown(client: httpx.Client, path: str) -> tuple[httpx.Response, Page]:
    response = client.get(path, headers={"accept": "text/html"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return response, Page(response.text)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well_formed_and_needs_nothing_from_elsewhere(client: httpx.Client, path: str) -> None:
    response, page = shown(client, path)
    assert not page.all("script")
    assert not page.all("style")
    assert not [attributes for _, attributes in page.tags if "style" in attributes]
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert [link["href"] for link in page.all("link")] == ["/static/kg.css"]
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_used_with_a_screen_reader_and_a_phone(client: httpx.Client, path: str) -> None:
    _, page = shown(client, path)
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("h1")) == 1
    assert any(meta.get("name") == "viewport" for meta in page.all("meta"))
    labelled = {label["for"] for label in page.all("label")}
    for tag in ("input", "select", "textarea"):
        assert {field["id"] for field in page.all(tag)} <= labelled
    identifiers = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    assert all("scope" in heading for heading in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))


@pytest.mark.parametrize("path", PAGES)
def test_every_link_inside_leads_somewhere(client: httpx.Client, path: str) -> None:
    _, page = shown(client, path)
    for link in {str(anchor["href"]) for anchor in page.all("a")}:
        assert link.startswith(("/", "#", "http"))
        if link.startswith("/"):
            assert client.get(link, headers={"accept": "text/html"}).status_code == 200, link


def test_the_home_page_says_what_is_inside(client: httpx.Client) -> None:
    response, page = shown(client, "/")
    for text in ("20251130T101500.000Z-one", "2025-11-30T10:15:00Z", "documents", "observations", "warnings"):
        assert text in response.text
    assert len(page.all("svg")) == 1
    assert len([group for group in page.all("g") if "figure" in (group["class"] or "")]) == 2
    for text in ("125,600,000,000", "18,700,000,000", "108,050,000,000", "derived", "about", "Herald"):
        assert text in response.text
    links = {anchor["href"] for anchor in page.all("a")}
    assert any("places-in-text?record=" in str(link) for link in links)
    assert {"/docs", "/queries", "/sparql"} <= links


def test_the_chart_shows_one_currency(client: httpx.Client) -> None:
    svg = client.get("/").text.partition("<svg")[2].partition("</svg>")[0]
    assert "CNY" in svg
    assert "USD" not in svg


def test_text_from_the_data_is_never_markup(client: httpx.Client) -> None:
    assert "<b>& Co" not in client.get("/").text
    assert "Gazette &lt;b&gt;&amp; Co" in client.get("/").text


def test_a_query_page_keeps_what_was_filled_in(client: httpx.Client) -> None:
    hostile = '"><script>alert(1)</script>'
    _, page = shown(client, "/queries/figures/contract-value-by-year?unit=USD&language=en")
    (unit,) = (field for field in page.all("input") if field["name"] == "unit")
    assert unit["value"] == "USD"
    refused = client.get("/queries/figures/contract-value-by-year", params={"language": hostile, "format": "html"})
    assert refused.status_code == 400
    assert refused.headers["content-type"] == "application/problem+json"


def test_a_query_without_rows_says_so(client: httpx.Client) -> None:
    response, _ = shown(client, "/queries/provenance/places-in-text?document=none")
    assert "No rows" in response.text


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_the_api_pages_need_no_internet(client: httpx.Client, path: str) -> None:
    addresses = re.findall(r"""(?:src|href)=["']([^"']+)""", client.get(path).text)
    assert any(address.endswith(".js") for address in addresses)
    for address in addresses:
        assert address.startswith("/")
        assert client.get(address).status_code == 200
