"""What is found first, for a table of questions; that no text is anything but text; pages, limits."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import iris
from kg.errors import ParameterError, QueryTimeoutError
from kg.search import Hit, Index, question, search, suggest
from kg.search.finding import FEW
from kg.search.questions import LONGEST

MakeIndex = Callable[..., Index]
QUERIES = list(csv.DictReader((Path(__file__).parent / "queries.csv").read_text("utf-8").splitlines()))
TEXTS = st.text(max_size=LONGEST) | st.text("\"*^(){}:-+ANDORNEAR大学清华universitystanford \x00\ud800\\'", max_size=40)


def typed(row: dict[str, str]) -> str:
    """The text of a row; a character that an editor would change stands there as its number."""
    return re.sub(r"\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), row["text"])


def short(hit: Hit) -> str:
    return hit.thing.iri.removeprefix(iris.ID)


@pytest.mark.parametrize("row", QUERIES, ids=[row["case"] for row in QUERIES])
def test_first_hit(row: dict[str, str], index: Index) -> None:
    page = search(index, question(typed(row)))
    found = [(short(hit), hit.found.match.name.replace("_", "-")) for hit in page.hits]
    assert found[:1] == ([(row["first"], row["match"])] if row["first"] else [])
    assert page.total == len(found)


@pytest.mark.parametrize("row", QUERIES, ids=[row["case"] for row in QUERIES])
def test_what_is_found_is_suggested(row: dict[str, str], index: Index) -> None:
    suggested = [short(hit) for hit in suggest(index, question(typed(row)))]
    if row["match"] != "all-words":  # suggestions are names
        assert suggested[:1] == ([row["first"]] if row["first"] else suggested[:1])


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("s", "area/CH"),
        ("se", "org/seoul"),
        ("oxf", "org/brookes"),
        ("university of ox", "org/oxford"),
        ("stanford univ", "org/stanford"),
        ("清", "org/tsinghua"),
        ("stanfrod", "org/stanford"),
        ("tsingua", "org/tsinghua"),
        ("technsiche univers", "org/tum"),
        ("tecnische univ", "org/tum"),
    ],
)
def test_what_is_being_typed_is_completed(text: str, first: str, index: Index) -> None:
    assert [short(hit) for hit in suggest(index, question(text))][:1] == [first]


def test_hits_of_one_grade_come_by_importance(index: Index) -> None:
    found = [short(hit) for hit in search(index, question("max planck institute for physics")).hits]
    assert found == ["org/max", "org/oldmax"]
    found = [short(hit) for hit in search(index, question("university of oxford")).hits]
    assert found == ["org/oxford", "doc/oxf", "doc/ox2"]


def test_the_name_that_was_found_is_told(index: Index) -> None:
    (hit,) = search(index, question("Eidgenössische")).hits
    assert hit.found.name == ("Eidgenössische Technische Hochschule", "")


@given(text=TEXTS, limit=st.integers(1, 20))
def test_no_text_is_anything_but_text(index: Index, text: str, limit: int) -> None:
    asked = question(text)
    hits = suggest(index, asked, limit=limit)
    assert len(hits) <= limit
    if text.strip():
        page = search(index, asked, limit=limit)
        assert len(page.hits) == min(limit, page.total)
    else:
        with pytest.raises(ParameterError, match="words to look for"):
            search(index, asked)


@given(text=TEXTS, limit=st.integers(1, 3))
def test_pages_are_the_list(index: Index, text: str, limit: int) -> None:
    if not text.strip():
        return
    asked, after, paged = question(text), "", list[str]()
    while True:
        page = search(index, asked, limit=limit, after=after)
        paged += [hit.thing.iri for hit in page.hits]
        if page.after is None:
            break
        assert len(page.hits) == limit
        after = page.after
    assert paged == [hit.thing.iri for hit in search(index, asked, limit=100).hits]
    assert len(paged) == len(set(paged)) == page.total


@given(iri_and_name=st.data())
def test_every_name_finds_its_thing(index: Index, iri_and_name: st.DataObject) -> None:
    everything = [hit for year in (False, True) for hit in search(index, everyone(), limit=100).hits]
    hit = iri_and_name.draw(st.sampled_from(everything))
    for name, _, _ in hit.thing.names:
        for text in (name, name.upper(), f"  {name} "):
            assert hit.thing.iri in [each.thing.iri for each in search(index, question(text), limit=100).hits], text


def everyone():  # type: ignore[no-untyped-def]
    return question("", classes=["Organization", "Policy", "Document", "Area"])


@pytest.mark.parametrize("text", ["x" * (LONGEST + 1), "大学" * 5_000])
def test_a_text_that_is_too_long_is_refused(text: str) -> None:
    with pytest.raises(ParameterError, match=f"at most {LONGEST} characters"):
        question(text)


@pytest.mark.parametrize(
    "text", [" ".join("abcdefghij"[n % 10] * (n // 10 + 1) for n in range(60))[:LONGEST], "学" * LONGEST]
)
def test_as_many_words_as_a_text_may_have(index: Index, text: str) -> None:
    assert search(index, question(text)).total == 0
    assert suggest(index, question(text)) == ()


@pytest.mark.parametrize("after", ["1", "x.1.2", "0123456789abcdef.9.1", "0123456789abcdef.1.x", "'; --"])
def test_no_place_to_go_on_from(index: Index, after: str) -> None:
    with pytest.raises(ParameterError, match="after"):
        search(index, question("university"), after=after)


def test_a_place_in_another_index_is_refused(index: Index) -> None:
    with pytest.raises(ParameterError, match="begin at the first page again"):
        search(index, question("university"), after="00.1.1")


@pytest.mark.parametrize("limit", [0, 101])
def test_a_page_has_bounds(index: Index, limit: int) -> None:
    with pytest.raises(ParameterError, match="limit"):
        search(index, question("university"), limit=limit)
    with pytest.raises(ParameterError, match="limit"):
        suggest(index, question("university"), limit=limit)


def test_near_words_are_looked_for_only_where_little_was_found(index: Index) -> None:
    page = search(index, question("university"), limit=100)
    assert page.total >= FEW
    assert {hit.found.match.name for hit in page.hits} <= {"exact", "beginning", "all_in_name", "all_words"}


def test_a_search_that_takes_too_long_is_ended(data: list[bytes], make_index: MakeIndex, tmp_path: Path) -> None:
    begin = '<https://example.org/{n}> <http://www.w3.org/2000/01/rdf-schema#label> "university {n}"'
    many = sorted(f"{begin.format(n=n)} <https://example.org/g> .\n".encode() for n in range(3_000))
    with make_index(many, tmp_path / "many.sqlite", seconds=-1.0, batch=1_000) as slow:
        with pytest.raises(QueryTimeoutError, match="use rarer words"):
            search(slow, question("university"))
        with pytest.raises(QueryTimeoutError):  # the connection is as good as before
            search(slow, question("university"))
