"""Pages in the language that a client wants, and nothing in them that is not translated."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from kg import assets
from kg.errors import ParameterError
from kg.queries import load
from kg.serve.languages import INTERFACES, Wish, wish
from kg.serve.views import figure, search, sections
from kg.serve.views.environment import environment

SERVE = Path(__file__).resolve().parents[2] / "kg" / "serve"
TEMPLATES = sorted((SERVE / "templates").rglob("*.html"))
BROWSER = "text/html"


def asked(accept: str = "", query: str = "", method: str = "GET") -> Wish:
    scope = {
        "type": "http",
        "method": method,
        "path": "/id/大学",
        "query_string": query.encode(),
        "headers": [(b"accept-language", accept.encode()), (b"host", b"example.org")],
    }
    return wish(Request(scope))


@pytest.mark.parametrize(
    ("accept", "query", "names", "words"),
    [
        ("", "", "en", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "", "zh-cn", "zh"),
        ("fr-CH, fr;q=0.9, zh;q=0.8, en;q=0.7", "", "fr-ch", "zh"),
        ("ja", "", "ja", "en"),
        ("en;q=0.1, zh;q=0", "", "en", "en"),
        ("*", "", "en", "en"),
        ("!!;q=1, <b>", "", "en", "en"),
        ("en", "lang=zh", "zh", "zh"),
        ("zh", "lang=ko", "ko", "en"),
        ("en", "lang=zh-Hant", "zh-hant", "zh"),
    ],
)
def test_the_address_wins_over_the_header_and_words_come_in_what_there_is(
    accept: str, query: str, names: str, words: str
) -> None:
    wished = asked(accept, query)
    assert (wished.names, wished.words) == (names, words)


@pytest.mark.parametrize("query", ["lang=", "lang=%3Cscript%3E", "lang=a", "lang=en_US"])
def test_what_is_no_language_is_refused(query: str) -> None:
    with pytest.raises(ParameterError, match="lang"):
        asked(query=query)


def test_a_page_has_an_address_in_each_language() -> None:
    addresses = [address for _, _, address in asked("", "lang=zh&in=a%26b").alternates]
    assert addresses == [f"/id/%E5%A4%A7%E5%AD%A6?in=a%26b&lang={tag}" for tag in INTERFACES]
    assert asked(method="POST").alternates == []


def said() -> Iterator[str]:
    """All words that pages may say: those of templates, and those of the tables that fill them."""
    extracted = environment().extract_translations  # type: ignore[attr-defined]
    for template in TEMPLATES:
        for _, _, message in extracted(template.read_text("utf-8")):
            yield from filter(None, message if isinstance(message, tuple) else [message])
    listed = [*sections.CHANNEL, *(each for group in sections.SECTIONS.values() for each in group)]
    for section in listed:
        yield section.heading
        yield from (re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower() for name in section.columns)
    yield from figure.KEY
    yield from (*search.MATCHES.values(), *search.HEADINGS.values())
    yield from {name.partition("/")[0].capitalize() for name in load(assets.folder("queries"))}


@pytest.mark.parametrize("language", [tag for tag in INTERFACES if tag != "en"])
def test_everything_that_pages_say_is_translated(language: str) -> None:
    texts = tomllib.loads((SERVE / "translations" / f"{language}.toml").read_text("utf-8"))
    assert sorted({text for text in said() if text not in texts}) == []
    for text, translated in texts.items():
        assert sorted(re.findall(r"%\(\w+\)s", text)) == sorted(re.findall(r"%\(\w+\)s", translated)), text
        assert re.findall(r"</?\w+", text) == re.findall(r"</?\w+", translated), text


@pytest.mark.parametrize(
    "path", ["/", "/queries", "/sparql", "/validation", "/id/org/none", "/page/id/population/ncste-filers", "/ontology"]
)
def test_a_page_says_its_language_and_leads_to_the_other(client: httpx.Client, path: str) -> None:
    for language, word in (("zh", "查询"), ("en", "Queries")):
        response = client.get(path, headers={"accept": BROWSER, "accept-language": language})
        assert f'<html lang="{language}">' in response.text
        assert f">{word}</a>" in response.text
        assert response.headers["content-language"] == language
        assert "Accept-Language" in response.headers["vary"]
        for other in INTERFACES:
            assert f'<link rel="alternate" hreflang="{other}" href="{path}?lang={other}">' in response.text
    chosen = client.get(f"{path}?lang=zh", headers={"accept": BROWSER, "accept-language": "en"})
    assert '<html lang="zh">' in chosen.text
    assert 'href="/queries?lang=zh"' in chosen.text


def test_a_name_in_another_language_says_so(client: httpx.Client) -> None:
    page = client.get("/page/id/period/CY2020?lang=ja").text
    assert '<h1 lang="en">2020</h1>' not in page  # the words of the page are English as well
    assert '<span lang="zh">2020年</span> <small class="tag">zh</small>' in page
    assert '<span lang="en">2020</span> <small class="tag">en</small>' in page


def test_a_form_keeps_the_language(client: httpx.Client) -> None:
    page = client.get("/sparql?lang=zh", headers={"accept": BROWSER}).text
    assert '<input type="hidden" name="lang" value="zh">' in page
    answer = client.get("/sparql", params={"query": "ASK {}", "format": "html", "lang": "zh"})
    assert '<html lang="zh">' in answer.text
    assert client.get("/queries/figures/counts-by-class?lang=zh", headers={"accept": BROWSER}).status_code == 200
