"""An answer in each format: nothing is lost on the way, and nothing in it is run by who reads it."""

from __future__ import annotations

import csv
import io
import json

import html5lib
import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.queries import FORMS, Table, to_csv, written
from kg.queries.formulas import SafeCsv, safe_text
from kg.vocabulary import XSD

IRI = ox.NamedNode("http://example.org/a")


def typed(value: str, datatype: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(datatype))


def one(*terms: ox.NamedNode | ox.Literal | ox.BlankNode | None) -> Table:
    return Table(("x",), tuple((term,) for term in terms))


texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
terms = st.one_of(
    st.none(),
    st.just(IRI),
    texts.map(ox.Literal),
    texts.map(lambda text: ox.Literal(text, language="zh-hans")),
    texts.map(lambda text: typed(text, "http://example.org/type")),
    st.integers(-(2**63), 2**63 - 1).map(lambda number: typed(str(number), XSD.integer)),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9).map(
        lambda number: typed(f"{number:f}", XSD.decimal)
    ),
)
FORMATS = {"tsv": ox.QueryResultsFormat.TSV, "srj": ox.QueryResultsFormat.JSON, "srx": ox.QueryResultsFormat.XML}
XML_TEXT = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")


@given(st.lists(st.tuples(terms, terms)))
@pytest.mark.parametrize("form", ["tsv", "srj"])
def test_terms_come_back_from_sparql_results(
    form: str, rows: list[tuple[ox.NamedNode | ox.Literal | None, ox.NamedNode | ox.Literal | None]]
) -> None:
    found = ox.parse_query_results(written(Table(("a", "b"), tuple(rows)), form), FORMATS[form])
    assert isinstance(found, ox.QuerySolutions)
    assert [variable.value for variable in found.variables] == ["a", "b"]
    assert [tuple(solution) for solution in found] == [tuple(row) for row in rows]


@given(st.lists(st.text(alphabet=XML_TEXT).map(ox.Literal)))
def test_terms_come_back_from_xml(rows: list[ox.Literal]) -> None:
    found = ox.parse_query_results(written(one(*rows), "srx"), FORMATS["srx"])
    assert isinstance(found, ox.QuerySolutions)
    assert [term for (term,) in found] == rows


@pytest.mark.parametrize("form", FORMATS)
def test_a_row_in_which_nothing_is_bound_is_a_row(form: str) -> None:
    found = ox.parse_query_results(written(one(None, IRI, None), form), FORMATS[form])
    assert isinstance(found, ox.QuerySolutions)
    assert [term for (term,) in found] == [None, IRI, None]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+86 10 6882", "'+86 10 6882"),
        ("-", "'-"),
        ("-a", "'-a"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-5", "-5"),
        ("+0.5e3", "+0.5e3"),
        ("a=1", "a=1"),
        (" =1", " =1"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_run_is_text_in_csv(text: str, shown: str) -> None:
    assert safe_text(text) == shown
    content = written(one(ox.Literal(text)), "csv").decode()
    assert list(csv.reader(io.StringIO(content, newline=""))) == [["x"], [shown] if shown else []] or not shown


@given(texts)
def test_no_text_in_csv_begins_a_formula(text: str) -> None:
    cells = list(
        csv.reader(io.StringIO(written(Table(("a", "b"), ((ox.Literal(text), IRI),)), "csv").decode(), newline=""))
    )
    cell = cells[1][0]
    assert cell in (text, f"'{text}")
    assert cell[:1] not in ("=", "@", "\t", "\r")


@given(st.lists(st.tuples(texts, texts)), st.lists(st.integers(1, 20)))
def test_csv_that_comes_in_pieces_is_made_the_same(rows: list[tuple[str, str]], sizes: list[int]) -> None:
    """The engine writes CSV as a stream; where a piece ends must not matter."""
    table = Table(("a", "b"), tuple((ox.Literal(a), ox.Literal(b)) for a, b in rows))
    exact = to_csv(table).encode()
    filtering, found, place = SafeCsv(), b"", 0
    for size in sizes:
        found += filtering.feed(exact[place : place + size], last=False)
        place += size
    found += filtering.feed(exact[place:], last=True)
    assert found == written(table, "csv")


def test_html_shows_text_as_it_is() -> None:
    content = written(one(ox.Literal("<script>alert(1)</script>&amp;"), None), "html")
    tree = html5lib.parse(content, namespaceHTMLElements=False)
    assert [cell.text for cell in tree.iter("td")] == ["<script>alert(1)</script>&amp;", None]
    assert list(tree.iter("script")) == []


ROW = (
    IRI,
    typed("1.5", XSD.decimal),
    typed("7", XSD.integer),
    typed("true", XSD.boolean),
    typed("2020-02-29", XSD.date),
    ox.Literal("a", language="en"),
)
KINDS = {"thing": "iri", "value": "number", "count": "integer", "flag": "boolean", "day": "date"}
NAMES = ("thing", "value", "count", "flag", "day", "label")


def columns(*rows: tuple[ox.NamedNode | ox.Literal | None, ...]) -> pl.DataFrame:
    return pl.read_parquet(written(Table(NAMES, rows), "parquet", KINDS))


@pytest.mark.parametrize("rows", [(), (ROW,), (ROW, (None,) * 6)], ids=["none", "one", "unbound"])
def test_parquet_has_the_types_of_the_query_whatever_rows_there_are(
    rows: tuple[tuple[ox.NamedNode | ox.Literal | None, ...], ...],
) -> None:
    frame = columns(*rows)
    assert dict(frame.schema) == {
        "thing": pl.String(),
        "value": pl.Float64(),
        "count": pl.Int64(),
        "flag": pl.Boolean(),
        "day": pl.Date(),
        "label": pl.String(),
    }
    assert [row[1:4] for row in frame.rows()] == [(1.5, 7, True), (None, None, None)][: len(rows)]


def test_a_column_with_a_value_of_another_kind_is_text_in_parquet() -> None:
    other = (*ROW[:2], ox.Literal("many"), *ROW[3:4], typed("2021-02-29", XSD.date), ROW[5])
    frame = columns(ROW, other)
    assert frame["count"].to_list() == ["7", "many"]
    assert frame["day"].to_list() == ["2020-02-29", "2021-02-29"]


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_without_rows_can_be_written(form: str) -> None:
    assert written(Table(NAMES, ()), form, KINDS)
    if form == "json":
        assert json.loads(written(Table(NAMES, ()), form)) == []
