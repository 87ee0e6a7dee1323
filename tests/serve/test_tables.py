"""What a page makes of terms."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.queries import Table
from kg.serve.tables import Cell, cells, href, texts

BASE = "https://w3id.org/techtransfer/"


@pytest.mark.parametrize(
    ("iri", "leads_to"),
    [
        ("https://example.org/page", "https://example.org/page"),
        ("http://example.org/page", "http://example.org/page"),
        ("javascript:alert(1)", None),
        ("JavaScript:alert(1)", None),
        ("data:text/html,<script>", None),
        ("vbscript:x", None),
        ("urn:isbn:0", None),
        (f"{BASE}concept/code/exact", None),
        (f"{BASE}id/org/ncste", None),
        (
            f"{BASE}id/obs/seed/a&b",
            "/queries/provenance/places-in-text?record=https%3A%2F%2Fw3id.org%2Ftechtransfer%2Fid%2Fobs%2Fseed%2Fa%26b",
        ),
        (
            f"{BASE}id/doc/gt25",
            "/queries/provenance/places-in-text?document=https%3A%2F%2Fw3id.org%2Ftechtransfer%2Fid%2Fdoc%2Fgt25",
        ),
    ],
)
def test_where_an_iri_may_lead(iri: str, leads_to: str | None) -> None:
    assert href(iri) == leads_to


TABLE = Table(
    ("link", "number", "text", "nothing"),
    (
        (
            ox.NamedNode("https://example.org/x"),
            ox.Literal("1234.5", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
            ox.Literal("大学", language="zh"),
            None,
        ),
    ),
)


def test_terms_as_cells() -> None:
    (row,) = cells(TABLE)
    assert row == [
        Cell("https://example.org/x", "https://example.org/x"),
        Cell("1,234.5", number=True),
        Cell("大学"),
        Cell(""),
    ]


def test_terms_as_text() -> None:
    assert list(texts(TABLE)) == [{"link": "https://example.org/x", "number": "1234.5", "text": "大学", "nothing": ""}]
