"""Pages together are the whole answer, and a cursor is good for nothing but the rows that it was given out for."""

from __future__ import annotations

import itertools

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import CursorError, StaleCursorError
from kg.queries import Held, Page, Table, cursor_release, page, place

QUESTION = "SELECT ?x ?y WHERE { ?x ?p ?y } ORDER BY ?x ?y"


def rows(*numbers: int) -> Held:
    return Held(Table(("x", "y"), tuple((ox.Literal(str(number)), None) for number in numbers)))


def at(held: Held, cursor: str | None, limit: int, *, question: str = QUESTION, release: str = "r1") -> Page:
    return page(held, release=release, question=question, limit=limit, at=place(cursor, question) if cursor else None)


@given(st.lists(st.integers(0, 3)), st.integers(1, 5), st.text(max_size=10))
def test_pages_together_are_the_whole_answer_forwards_and_backwards(
    numbers: list[int], limit: int, release: str
) -> None:
    release = release.encode(errors="ignore").decode()
    held = rows(*sorted(numbers))
    pages = [at(held, None, limit, release=release)]
    while cursor := pages[-1].next:
        assert cursor_release(cursor) == release
        pages.append(at(held, cursor, limit, release=release))
    assert [row for each in pages for row in each.table.rows] == list(held.table.rows)
    assert all(len(each.table.rows) == limit for each in pages[:-1])
    assert {each.total for each in pages} == {len(numbers)}
    for earlier, later in itertools.pairwise(pages):
        back = at(held, later.previous, limit, release=release)
        assert (back.start, back.table) == (earlier.start, earlier.table)
    assert pages[0].previous is None


def test_the_size_of_a_page_may_change_on_the_way() -> None:
    held = rows(*range(10))
    first = at(held, None, 3)
    second = at(held, first.next, 5)
    assert [str(x) for x, _ in second.table.rows] == [f'"{number}"' for number in range(3, 8)]
    assert second.previous is None  # fewer rows come before than a page has: the first page, without a cursor


@given(st.data())
def test_a_cursor_that_was_changed_is_refused(data: st.DataObject) -> None:
    cursor = at(rows(*range(10)), None, 3).next
    assert cursor is not None
    number = data.draw(st.integers(0, len(cursor) - 1))
    letter = data.draw(st.sampled_from("ABCxyz019-_ =é\ud800"))
    changed = cursor[:number] + letter + cursor[number + 1 :]
    if changed != cursor:
        with pytest.raises(CursorError, match="begin again without cursor"):
            place(changed, QUESTION)


@given(st.text())
def test_any_text_is_no_cursor(text: str) -> None:
    with pytest.raises(CursorError):
        place(text, QUESTION)


def test_a_cursor_of_other_values_is_refused() -> None:
    cursor = at(rows(*range(10)), None, 3).next
    assert cursor is not None
    with pytest.raises(CursorError, match="of another query or other values"):
        place(cursor, QUESTION.replace("?p", "<http://example.org/p>"))


@pytest.mark.parametrize("other", [(0, 1, 3, 4, 5), (0, 1), ()], ids=["another row before", "too few", "none"])
def test_a_cursor_for_other_rows_is_out_of_date(other: tuple[int, ...]) -> None:
    cursor = at(rows(*range(10)), None, 3).next
    with pytest.raises(StaleCursorError, match="begin again"):
        at(rows(*other), cursor, 3)
