"""What people write comes out as they wrote it: awkward texts through CSV, mapping and an N-Quads parser."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import polars as pl
import pyoxigraph as ox
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg import csvw
from kg.csvw.datatypes import KINDS, Datatype
from kg.csvw.formats import NumberFormat
from kg.csvw.parsing import parse

EX = "http://example.org/"
NULL = "no value"
AWKWARD = [
    '"',
    "\\",
    "\n",
    "\r\n",
    "\t",
    "a,b",
    " x ",
    "{x}",
    "<a>",
    "他说“好”",
    "עברית",
    "🎓👩🏽‍🔬",
    "e\u0301",
    "\u2028",
    "\x7f\x01",
    "%20",
    "\\n",
]
TEXT = st.one_of(st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
METADATA = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "t.csv",
    "aboutUrl": f"{EX}row/{{_row}}",
    "tableSchema": {
        "columns": [
            {"name": "text", "propertyUrl": f"{EX}text", "null": NULL},
            {"name": "iri", "propertyUrl": f"{EX}iri", "valueUrl": f"{EX}id/{{iri}}", "null": NULL},
        ]
    },
}

SPECIAL_METADATA = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "t.csv",
    "aboutUrl": f"{EX}row/{{_row}}",
    "tableSchema": {
        "columns": [
            {"name": "text", "propertyUrl": f"{EX}text", "lang": "zh-Hans"},
            {"name": "path", "propertyUrl": f"{EX}path", "valueUrl": f"{EX}部/{{+path}}"},
            {"name": "name", "propertyUrl": f"{EX}{{+path}}", "valueUrl": f"{EX}id/{{name}}"},
        ]
    },
}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
def test_texts_come_back(rows: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        quads = mapped(Path(folder), rows)
    found = {(quad.subject.value, quad.predicate.value): quad.object for quad in quads}
    for number, (text, name) in enumerate(rows, start=1):
        row = f"{EX}row/{number}"
        assert found[row, f"{EX}text"] == ox.Literal(text)
        assert unquote(found[row, f"{EX}iri"].value.removeprefix(f"{EX}id/")) == name
    assert len(found) == 2 * len(rows)


def mapped(folder: Path, rows: list[tuple[str, str]]) -> list[ox.Quad]:
    lines = mapped_lines(folder, METADATA, [("text", "iri"), *rows])
    return list(ox.parse("\n".join(lines), format=ox.RdfFormat.N_QUADS))


def mapped_lines(folder: Path, metadata: object, rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    (folder / "m.json").write_text(json.dumps(metadata), encoding="utf-8")
    with (folder / "t.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    return csvw.map(csvw.read(folder / "m.json"), source="test", graph=f"{EX}graph").lines()


PATH = st.text(st.sampled_from('/?&=:;,@!$%~ é部"<>{}|\\^`'), min_size=1)
SPECIAL = [*range(1, 0x300), *range(0x2000, 0x2070), 0xD7FF, 0xE000, *range(0xFE00, 0x10010), 0x1FFFE, 0x10FFFF]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example([(f"{chr(code)}x", "path", f"{chr(code)}x") for code in SPECIAL])
@given(st.lists(st.tuples(TEXT, PATH, TEXT), max_size=4))
def test_lines_are_those_of_the_store(rows: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lines = set(mapped_lines(Path(folder), SPECIAL_METADATA, [("text", "path", "name"), *rows]))
    store = ox.Store()
    store.load("\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS)
    assert lines == set(store.dump(format=ox.RdfFormat.N_QUADS).decode().split("\n")) - {""}


NUMBERS = st.one_of(
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=4).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.from_regex(r"[+-]?0{0,3}[0-9]{1,12}(\.[0-9]{0,12})?", fullmatch=True),
    st.dates().map(str),
)


@settings(max_examples=200, deadline=None)
@given(NUMBERS, st.sampled_from(["integer", "decimal", "double", "date", "gYear", "int"]))
def test_forms_are_those_of_the_store(text: str, name: str) -> None:
    """A form that is written is one that the store keeps: loading it changes nothing."""
    datatype = Datatype(KINDS[name])
    (lexical,) = parse(datatype, pl.Series([text], dtype=pl.String))
    if lexical is not None:
        literal = ox.Literal(lexical, datatype=ox.NamedNode(datatype.kind.iri))
        store = ox.Store()
        store.add(ox.Quad(ox.NamedNode(EX), ox.NamedNode(EX), literal))
        assert next(iter(store)).object == literal
    if lexical is not None and name == "decimal" and "e" not in text.lower():
        assert Decimal(lexical) == Decimal(text)


def test_integers_and_dates_are_never_refused() -> None:
    texts = ["0", "-1", "00012", "+7", str(10**30)]
    assert parse(Datatype(KINDS["integer"]), pl.Series(texts)).to_list() == ["0", "-1", "12", "7", str(10**30)]


def test_percentages_keep_all_their_digits() -> None:
    digits = "1234567890" * 5
    found = NumberFormat().rewrite(pl.Series([f"{digits}%", f"0.{digits}‰", f"{digits}.5e2", "5%"]))
    assert found.to_list() == [f"{digits[:-2]}.{digits[-2:]}", f"0.000{digits}", f"{digits}50", "0.05"]


def test_zeros_that_do_not_count_are_left_out() -> None:
    texts = ["+012.50", "3554.0", "-007.70", "000.000", "100", "0.0100", "5.", ".50", "-.0", "-0.0"]
    expected = ["12.5", "3554", "-7.7", "0", "100", "0.01", "5", "0.5", "0", "0"]
    assert parse(Datatype(KINDS["decimal"]), pl.Series(texts)).to_list() == expected
