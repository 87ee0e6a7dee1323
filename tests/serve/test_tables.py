"""What a page makes of terms."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.queries import Table
from kg.serve.views.tables import Cell, Grid, evidence, grid, texts

BASE = "https://w3id.org/techtransfer/"


def test_what_a_record_rests_on() -> None:
    path, derived = (
        "/queries/provenance/places-in-text?record=",
        "/queries/provenance/operands-of-derived-figures?record=",
    )
    assert (
        evidence(f"{BASE}id/obs/seed/a&b") == f"{path}https%3A%2F%2Fw3id.org%2Ftechtransfer%2Fid%2Fobs%2Fseed%2Fa%26b"
    )
    assert evidence(f"{BASE}id/obs/derived/0a").startswith(derived)


def decimal(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))


NCSTE = ox.NamedNode(f"{BASE}id/org/ncste")
TABLE = Table(
    ("link", "firstValue", "text", "nothing"),
    ((ox.NamedNode("https://example.org/x"), decimal("1234.5"), ox.Literal("大学", language="zh"), None),),
)


def test_terms_as_cells() -> None:
    assert grid(TABLE).headings == (("link", ""), ("firstValue", "number"), ("text", ""), ("nothing", ""))
    assert grid(TABLE).rows == (
        (
            Cell("https://example.org/x", "https://example.org/x", kind="short"),
            Cell("1,234.5", kind="number"),
            Cell("大学", kind="short", language="zh"),
            Cell("", kind="short"),
        ),
    )


def test_terms_as_text() -> None:
    assert list(texts(TABLE)) == [
        {"link": "https://example.org/x", "firstValue": "1234.5", "text": "大学", "nothing": ""}
    ]


def test_things_are_called_by_their_names() -> None:
    content = Table(("firstOrg", "firstOrgLabel", "label"), ((NCSTE, ox.Literal("Center"), ox.Literal("Center")),))
    assert grid(content, {NCSTE.value: "Center"}) == Grid(
        (("first org", ""),), ((Cell("Center", "/id/org/ncste", whole=NCSTE.value, kind="short"),),)
    )
    assert [name for name, _ in grid(content).headings] == ["firstOrg", "firstOrgLabel", "label"]
    assert grid(content).rows[0][0] == Cell("org-id:ncste", "/id/org/ncste", whole=NCSTE.value, kind="short")


def column(*terms: ox.NamedNode | ox.Literal) -> list[Cell]:
    return [row[0] for row in grid(Table(("x",), tuple((term,) for term in terms))).rows]


def test_points_of_numbers_stand_below_each_other() -> None:
    assert [cell.text for cell in column(decimal("12"), decimal("0.5"), decimal("0.25"))] == [
        "12\u2008\u2007\u2007",
        "0.5\u2007",
        "0.25",
    ]
    assert [cell.text for cell in column(decimal("12"), decimal("5000"))] == ["12", "5,000"]


def test_a_column_of_numbers_and_other_things_is_not_set_as_numbers() -> None:
    assert {cell.kind for cell in column(decimal("12"), NCSTE)} == {"short"}
    content = Table(("x",), ((decimal("12"),), (None,)))
    assert [row[0].kind for row in grid(content).rows] == ["number", "short"]


@pytest.mark.parametrize(
    ("text", "kind"), [("two words", "short"), ("0f" * 32, "long"), ("a word " * 9, "prose"), ("a word " * 5, "")]
)
def test_cells_are_set_by_their_length(text: str, kind: str) -> None:
    assert column(ox.Literal(text))[0].kind == kind


def test_an_empty_table() -> None:
    assert grid(Table(("x", "y"), ())) == Grid((("x", ""), ("y", "")), ())
