"""Which address stands for which thing, and where a thing may lead."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import iris
from kg.serve.resources.addresses import Addresses

BASE = iris.BASE
OURS = Addresses()


@pytest.mark.parametrize(
    ("iri", "leads_to"),
    [
        ("https://example.org/page", "https://example.org/page"),
        ("http://example.org/page", "http://example.org/page"),
        ("mailto:office@example.org", "mailto:office@example.org"),
        ("doi:10.5281/zenodo.12345", "https://doi.org/10.5281/zenodo.12345"),
        ("doi:10.1000/<x>", "https://doi.org/10.1000/%3Cx%3E"),
        ("doi:nonsense", None),
        ("javascript:alert(1)", None),
        ("JavaScript:alert(1)", None),
        ("data:text/html,<script>", None),
        ("vbscript:x", None),
        ("urn:isbn:0", None),
        ("//example.org/x", None),
        (f"{BASE}concept/code/exact", "/concept/code/exact"),
        (f"{BASE}id/org/ncste", "/id/org/ncste"),
        (f"{BASE}id/obs/seed/a&b", "/id/obs/seed/a&b"),
        (f"{BASE}id/org/大学", "/id/org/%E5%A4%A7%E5%AD%A6"),
        (f'{BASE}id/org/"><script>', "/id/org/%22%3E%3Cscript%3E"),
        (f"{BASE}id/doc/nist13#row=17", "/id/doc/nist13#row=17"),
        (f"{BASE}id/x?y=1", "/id/x%3Fy=1"),
        (f"{BASE}ontology#Observation", "/ontology#Observation"),
        (f"{BASE}shapes#PeriodShape", "/shapes#PeriodShape"),
        (f"{BASE}graph/derived", "/page/graph/derived"),
        (f"{BASE}queries/figures/counts-by-class", "/queries/figures/counts-by-class"),
        (f"{BASE}elsewhere", None),
    ],
)
def test_where_an_iri_may_lead(iri: str, leads_to: str | None) -> None:
    assert OURS.leads(iri) == leads_to


def test_the_documents_about_a_thing() -> None:
    ours, other = f"{BASE}id/org/ncste", "https://ror.org/03cve4549?x=1&y=2#z"
    assert OURS.page(ours, lang="zh") == "/page/id/org/ncste?lang=zh"
    assert OURS.about(ours, "ttl") == "/about/id/org/ncste.ttl"
    assert OURS.linkset(ours) == "/linkset/id/org/ncste"
    for address in (OURS.page(other), OURS.about(other, "nt"), OURS.linkset(other)):
        assert parse_qs(urlsplit(address).query)["iri"] == [other]


def test_a_base_of_ones_own_is_served_by_path_and_goes_first() -> None:
    own = Addresses(("https://data.example.org/", BASE))
    assert own.leads("https://data.example.org/id/x") == "/id/x"
    assert own.leads(f"{BASE}id/x") == "/id/x"
    assert [thing.value for thing in own.things("id/x")] == ["https://data.example.org/id/x", f"{BASE}id/x"]
    assert own.document("https://data.example.org/id/x") == "https://data.example.org/about/id/x"


SEGMENT = st.text(min_size=1, max_size=20).filter(lambda text: valid(f"{BASE}id/{text}") and "#" not in text)


def valid(iri: str) -> bool:
    try:
        return ox.NamedNode(iri).value == iri
    except (ValueError, UnicodeError):
        return False


@given(SEGMENT)
def test_the_address_of_a_thing_stands_for_it_again(segment: str) -> None:
    iri = f"{BASE}id/{segment}"
    address = OURS.leads(iri)
    assert address is not None
    assert re.fullmatch(r"/id/[!-~]+", address)
    assert not set(address) & set("<>\"'\\`{}|^") - {"'"}
    assert ox.NamedNode(iri) in list(OURS.things(address.removeprefix("/")))
