"""The forms of an answer."""

from __future__ import annotations

import csv
import io
import json

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from kg.queries import Table, to_csv, to_json, to_rows
from kg.vocabulary import XSD


def typed(value: str, datatype: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(datatype))


TABLE = Table(
    ("thing", "name", "number", "share", "flag", "day", "nothing"),
    (
        (
            ox.NamedNode("https://w3id.org/techtransfer/id/org/ncste"),
            ox.Literal('a "b", c', language="en"),
            typed("125600000000", XSD.decimal),
            typed("0.1265", XSD.decimal),
            typed("true", XSD.boolean),
            typed("2020-01-01", XSD.date),
            None,
        ),
    ),
)


def test_csv_holds_bare_values() -> None:
    assert to_csv(TABLE) == (
        "thing,name,number,share,flag,day,nothing\r\n"
        'https://w3id.org/techtransfer/id/org/ncste,"a ""b"", c",125600000000,0.1265,true,2020-01-01,\r\n'
    )


def test_json_holds_numbers_and_null() -> None:
    assert json.loads(to_json(TABLE)) == [
        {
            "thing": "https://w3id.org/techtransfer/id/org/ncste",
            "name": 'a "b", c',
            "number": 125600000000,
            "share": 0.1265,
            "flag": True,
            "day": "2020-01-01",
            "nothing": None,
        }
    ]


def test_rows_for_a_person_are_short() -> None:
    assert list(to_rows(TABLE)) == [("org-id:ncste", 'a "b", c', "125,600,000,000", "0.1265", "true", "2020-01-01", "")]
    assert list(to_rows(Table(("x",), ((ox.NamedNode("http://elsewhere.org/a"),), (ox.BlankNode("b"),))))) == [
        ("http://elsewhere.org/a",),
        ("_:b",),
    ]


def test_a_number_that_is_none_stays_as_it_is() -> None:
    broken = Table(("n",), ((typed("many", XSD.integer),),))
    assert json.loads(to_json(broken)) == [{"n": "many"}]
    assert list(to_rows(broken)) == [("many",)]


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]))))
def test_text_survives_csv_and_json(texts: list[str]) -> None:
    table = Table(("text",), tuple((ox.Literal(text),) for text in texts))
    assert [row["text"] for row in json.loads(to_json(table))] == texts
    assert list(csv.reader(io.StringIO(to_csv(table), newline=""))) == [["text"], *([text] for text in texts)]
