"""Rows counted in bytes: as many as the engine wrote, in every format, whatever the values are and wherever a piece
ends."""

from __future__ import annotations

import io
from typing import IO, cast

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ResultTooLargeError
from kg.store.querying.row_limit import Counter, RowLimit, _Elements, _Lines, _Objects, _QuotedLines, limited

FORMATS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
COUNTERS = dict(zip(FORMATS, (_Objects, _Elements, _QuotedLines, _Lines), strict=True))
VALUES = st.one_of(
    st.none(),
    st.integers(),
    st.text(st.sampled_from('{},"\\\r\n<>result/[]: a\t'), max_size=12),
    st.sampled_from(["},{", "},{}", '"},{"', '\\"},{"x":{', "<result>", "\r\n", '"', "\\", '\\"', "a\n", '""']),
)
ROWS = st.lists(st.tuples(VALUES, VALUES), max_size=12)


def solutions(rows: list[tuple[object, object]]) -> ox.QuerySolutions:
    def term(value: object) -> str:
        return "UNDEF" if value is None else str(ox.Literal(cast(str, value)))

    table = " ".join(f"({term(a)} {term(b)})" for a, b in rows)
    return cast(ox.QuerySolutions, ox.Store().query(f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {table} }} }}"))


@pytest.mark.parametrize("media_type", FORMATS)
@given(rows=ROWS, size=st.integers(1, 9))
def test_as_many_rows_are_counted_as_there_are(media_type: str, rows: list[tuple[object, object]], size: int) -> None:
    text = cast(bytes, solutions(rows).serialize(format=FORMATS[media_type]))
    count: Counter = COUNTERS[media_type]()
    found = sum(count(text[place : place + size]) for place in range(0, len(text), size))
    assert found == (max(len(rows), 1) if count.__class__ is _Objects else len(rows))


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize(("rows", "allowed"), [(10, 10), (11, 10), (30_000, 30_000), (30_000, 29_999), (30_000, 1)])
def test_one_row_too_many_is_an_error(media_type: str, rows: int, allowed: int) -> None:
    output = io.BytesIO()
    counted = RowLimit(output, media_type, allowed)

    def write() -> None:
        solutions([("a", 1)] * rows).serialize(cast(IO[bytes], counted), FORMATS[media_type])
        counted.end()

    if rows <= allowed:
        write()
        assert output.getvalue() == solutions([("a", 1)] * rows).serialize(format=FORMATS[media_type])
    else:
        with pytest.raises(ResultTooLargeError, match=f"more than {allowed} rows"):
            write()


def test_items_are_limited_as_they_come() -> None:
    assert list(limited("abc", 3)) == ["a", "b", "c"]
    with pytest.raises(ResultTooLargeError):
        list(limited("abcd", 3))
