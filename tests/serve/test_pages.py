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
    "/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D",
    "/sparql?format=html&query=DESCRIBE+%3Chttps%3A%2F%2Fexample.org%2Fevil%3E",
)
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
VALUES = "/queries/figures/contract-value-by-year"
VOID = {"br", "meta", "link", "input"}


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
    response = client.get(path, headers=BROWSER)
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
    fetched = {link["href"] for link in page.all("link") if link["rel"] in ("icon", "stylesheet")}
    assert fetched == {"/static/kg.css", "/static/icon.svg"}
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["vary"].startswith("Accept")
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
    for link in {str(anchor["href"]) for anchor in (*page.all("a"), *page.all("link"))}:
        assert link.startswith(("/", "#", "http"))
        if link.startswith("/"):
            assert client.get(link, headers={"accept": "text/html"}, follow_redirects=True).status_code == 200, link


def test_the_home_page_says_what_is_inside(client: httpx.Client) -> None:
    response, page = shown(client, "/")
    for text in ("20251130T101500.000Z-one", "30 November 2025, 10:15 UTC", "documents", "observations", "warnings"):
        assert text in response.text
    assert len(page.all("svg")) == 1
    assert len([group for group in page.all("g") if group["class"] == "figure"]) == 2
    for text in ("125,600,000,000", "18,700,000,000", "108,050,000,000", "derived", "about", "Herald"):
        assert text in response.text
    links = {anchor["href"] for anchor in page.all("a")}
    assert any("places-in-text?record=" in str(link) for link in links)
    assert {"/docs", "/queries", "/sparql"} <= links


def test_the_full_home_page_is_well_formed_and_its_links_lead_somewhere(full: httpx.Client) -> None:
    page = Page(full.get("/", headers=BROWSER).text)
    assert len(page.all("caption")) == len(page.all("table"))
    identifiers = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    for link in {str(anchor["href"]) for anchor in page.all("a") if str(anchor["href"]).startswith("/")}:
        assert full.get(link, headers=BROWSER, follow_redirects=True).status_code == 200, link


def test_the_chart_shows_one_currency(client: httpx.Client) -> None:
    svg = client.get("/").text.partition("<svg")[2].partition("</svg>")[0]
    assert "billion yuan (CNY)" in svg
    assert "USD" not in svg


def test_a_derived_figure_says_what_it_was_made_of(client: httpx.Client) -> None:
    response, page = shown(client, "/")
    row = response.text.partition("108,600,000,000")[2].partition("</tr>")[0]
    assert [
        name for name in ("subtract", "125.6 billion CNY", "17 billion CNY", "difference, 2020") if name not in row
    ] == []
    links = {str(anchor["href"]) for anchor in page.all("a")}
    for path in ("operands-of-derived-figures?record=", "places-in-text?record="):
        (link, *_) = sorted(link for link in links if path in link)
        answer = client.get(link, params={"format": "csv"})
        assert answer.status_code == 200


def test_what_a_derived_figure_leads_to_has_rows(client: httpx.Client) -> None:
    response, _ = shown(client, "/queries/provenance/operands-of-derived-figures?record=derived/before")
    assert "17,000,000,000" in response.text


def test_text_from_the_data_is_never_markup(client: httpx.Client) -> None:
    assert "<b>& Co" not in client.get("/").text
    assert "Gazette &lt;b&gt;&amp; Co" in client.get("/").text


def test_a_query_page_keeps_what_was_filled_in(client: httpx.Client) -> None:
    hostile = '"><script>alert(1)</script>'
    _, page = shown(client, "/queries/figures/contract-value-by-year?unit=USD&language=en")
    (unit,) = (field for field in page.all("input") if field["name"] == "unit")
    assert unit["value"] == "USD"
    refused = client.get(VALUES, params={"language": hostile, "unit": "USD"}, headers=BROWSER)
    assert refused.status_code == 400
    fields = {field["name"]: field for field in Page(refused.text).all("input")}
    assert (fields["language"]["value"], fields["unit"]["value"]) == (hostile, "USD")
    assert [name for name, field in fields.items() if field.get("aria-invalid")] == ["language"]
    assert "a language tag as in en" in refused.text


def test_a_query_without_rows_says_so(client: httpx.Client) -> None:
    response, _ = shown(client, "/queries/provenance/places-in-text?document=id:doc/none")
    assert "No rows" in response.text
    assert "What the graph holds about this document" in response.text


def test_things_are_called_by_their_names_in_the_language_wanted(client: httpx.Client) -> None:
    english, chinese = (shown(client, f"{VALUES}?language={language}")[0].text for language in ("en", "zh"))
    assert ">2020</a></td>" in english
    assert ">2020年</a></td>" in chinese
    assert '>yuan</a> <small class="tag">en</small></td>' in chinese
    assert 'title="https://w3id.org/techtransfer/id/period/CY2020"' in english


def test_a_query_in_sparql_is_answered_in_the_browser(client: httpx.Client) -> None:
    query = 'SELECT ?x { VALUES ?x { "<b>" 1 } }'
    response = client.get("/sparql", params={"query": query}, headers=BROWSER)
    page = Page(response.text)
    assert "VALUES ?x { &#34;&lt;b&gt;&#34; 1 }" in response.text
    assert len(page.all("td")) == 2
    for link in {str(anchor["href"]) for anchor in page.all("a") if str(anchor["href"]).startswith("/sparql?")}:
        assert client.get(link).status_code == 200


def test_a_query_posted_by_a_browser_is_answered_in_it(client: httpx.Client) -> None:
    response = client.post("/sparql", data={"query": "ASK {}"}, headers=BROWSER)
    assert ">true</td>" in response.text


def test_a_long_answer_is_begun_and_leads_to_the_whole(client: httpx.Client) -> None:
    query = "SELECT ?a { ?a ?b ?c . ?d ?e ?f }"
    response = client.get("/sparql", params={"query": query, "format": "html"})
    page = Page(response.text)
    assert "The first 200 rows; all of them as" in response.text
    assert len(page.all("tr")) == 201
    (whole,) = (str(anchor["href"]) for anchor in page.all("a") if str(anchor["href"]).endswith("format=csv"))
    assert len(client.get(whole).text.splitlines()) > 201


@pytest.mark.parametrize("format", ["html", "csv", "pdf"])
def test_an_error_in_the_browser_keeps_the_query(client: httpx.Client, format: str) -> None:
    response = client.get("/sparql", params={"query": "SELECT <&", "format": format}, headers=BROWSER)
    assert response.status_code == 400
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert ">SELECT &lt;&amp;</textarea>" in response.text
    assert len(Page(response.text).all("h1")) == 1
    assert 'role="alert"' in response.text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nothing", 404, "Not Found"),
        ("/queries/figures/contract-values-by-year", 404, "figures/contract-value-by-year"),
        (f"{VALUES}?format=pdf", 400, "one of json, html"),
    ],
)
def test_errors_in_the_browser_are_pages(client: httpx.Client, path: str, status: int, said: str) -> None:
    response = client.get(path, headers=BROWSER)
    assert (response.status_code, response.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert said in response.text
    assert Page(response.text).all("nav")
    assert client.get(path).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/", "/queries", "/sparql"])
def test_pages_can_be_looked_up_without_being_sent(client: httpx.Client, path: str) -> None:
    response = client.head(path, headers=BROWSER)
    assert (response.status_code, response.content) == (200, b"")


def test_the_api_page_needs_no_internet(client: httpx.Client) -> None:
    addresses = re.findall(r"""(?:src|href)=["']([^"']+)""", client.get("/docs").text)
    assert any(address.endswith(".js") for address in addresses)
    for address in addresses:
        assert address.startswith("/")
        assert client.get(address).status_code == 200
