"""Search in the help: what is found first, for words in either language, mistyped ones and hostile ones."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.help import Finder, Page, Section, Site
from kg.help.markup import para


@pytest.mark.parametrize(
    ("text", "page", "title"),
    [
        ("rollback", "commands", "kg releases rollback"),
        ("kg_data_dir", "settings", "KG_DATA_DIR"),
        ("KG data dir", "settings", "KG_DATA_DIR"),
        ("store-locked", "errors-and-exit-codes", "store-locked"),
        ("contract-value-by-year", "named-queries", "figures/contract-value-by-year"),
        ("harmonic", "networks", "harmonic"),
        ("POST /validate", "service", "POST /validate"),
        ("EditionStatement.ttl", "shapes", "EditionStatement.ttl"),
        ("绝对没有", None, None),
        ("relases rolback", "commands", "kg releases rollback"),
        ("tt:contentDigest", "ontology", "tt:contentDigest"),
    ],
)
def test_what_is_found_first(finder: Finder, text: str, page: str | None, title: str | None) -> None:
    hits = finder.find(text)
    found = (hits[0].page.name, hits[0].section.title) if hits else (None, None)
    assert found == (page, title)


def test_chinese_words_find_the_glossary(finder: Finder) -> None:
    assert "glossary" in {hit.page.name for hit in finder.find("作价投资")}


def test_the_words_that_were_found_are_marked(finder: Finder) -> None:
    assert "<mark>immutable</mark>" in finder.find("immutable release")[0].snippet


def tiny(*texts: str) -> Finder:
    sections = tuple(Section(f"s{number}", f"Part {number}", 2, para(text)) for number, text in enumerate(texts))
    return Finder(Site({"p": Page("p", "Page", sections=sections)}))


def test_text_of_pages_stays_text_in_snippets() -> None:
    (hit,) = tiny("a <script>x</script> needle & <b>").find("needle")
    assert hit.snippet == "a &lt;script&gt;x&lt;/script&gt; <mark>needle</mark> &amp; &lt;b&gt;"


@given(st.text())
def test_whatever_is_asked_gets_an_answer(text: str) -> None:
    for hit in tiny("some words 清华大学", "others").find(text):
        assert not re.search(r"<(?!/?mark>)", hit.snippet)


@pytest.mark.parametrize("text", ["清", "学", "清华", "大学"])
def test_chinese_is_found_by_one_character_or_two(text: str) -> None:
    assert [hit.section.title for hit in tiny("others", "at 清华大学").find(text)] == ["Part 1"]


def test_as_many_hits_as_are_wanted() -> None:
    assert len(tiny(*["word"] * 9).find("word", 4)) == 4


def test_accents_and_case_do_not_count() -> None:
    assert tiny("Zürich").find("ZURICH") != []
