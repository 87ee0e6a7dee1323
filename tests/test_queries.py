"""Every query file against the rows that it must give: on a small hand-made graph, and on the bundled release.

The hand-made graph holds what the bundled sources lack: conflicts, targets, revisions, policies, collaborations.
A ``*`` in the rows of the bundle stands for a value that each build makes anew (a time, a version). When a source has
changed, ``kg query NAME --format csv`` gives the new rows; read them before they replace the old ones.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg import assets
from kg.derivation import derive
from kg.queries import NamedQuery, Table, load, to_csv
from kg.store.base import Store
from kg.store.embedded import EmbeddedStore
from kg.vocabulary import PREFIXES, TT, XSD

EXPECTED = Path(__file__).parent / "queries"
QUERIES = load(assets.folder("queries"))
NAMES = sorted(QUERIES)


@pytest.fixture(scope="module")
def example() -> EmbeddedStore:
    store = EmbeddedStore.in_memory()
    store.database.load(path=str(EXPECTED / "example" / "data.trig"), format=ox.RdfFormat.TRIG)
    store.database.extend(list(derive(store)))
    return store


@pytest.fixture(scope="module")
def reference(example: EmbeddedStore) -> rdflib.Dataset:
    dataset = rdflib.Dataset(default_union=True)
    quads = ox.serialize(example.quads(), format=ox.RdfFormat.N_QUADS)
    assert quads is not None
    return dataset.parse(data=quads, format="nquads")


def answer(query: NamedQuery, store: Store) -> Table:
    """The answer for the values that the file stands with."""
    return query.run(store, {p.name: p.example for p in query.parameters if p.required and p.example})


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines()))


def expected(*place: str) -> list[list[str]]:
    return rows(EXPECTED.joinpath(*place).with_suffix(".csv").read_text(encoding="utf-8"))


def masked(found: list[list[str]], wanted: list[list[str]]) -> list[list[str]]:
    """What was found, with a ``*`` wherever the expectation has one and there is a value."""
    return [
        ["*" if cell and mask == "*" else cell for cell, mask in zip(row, pattern, strict=True)]
        for row, pattern in zip(found, wanted, strict=False)
    ] + found[len(wanted) :]


@pytest.mark.parametrize("name", NAMES)
def test_rows_on_the_example(name: str, example: EmbeddedStore) -> None:
    assert rows(to_csv(answer(QUERIES[name], example))) == expected("example", name)


@pytest.mark.parametrize("name", NAMES)
def test_rows_on_the_bundle(name: str, bundle: Store) -> None:
    found, wanted = rows(to_csv(answer(QUERIES[name], bundle))), expected(name)
    assert masked(found, wanted) == wanted


# rdflib warns of what its own parser and query engine still call.
@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")
@pytest.mark.parametrize("name", NAMES)
def test_a_second_engine_gives_the_same_rows(name: str, example: EmbeddedStore, reference: rdflib.Dataset) -> None:
    table = answer(QUERIES[name], example)
    others = [tuple(row) for row in reference.query(QUERIES[name].text)]  # type: ignore[misc]
    assert comparable(table.rows) == comparable(others)


def comparable(table: object) -> Counter[tuple[str, ...]]:
    """Rows as a multiset of canonical values: each engine writes numbers and times in its own way."""
    return Counter(tuple(canonical(term) for term in row) for row in table)  # type: ignore[attr-defined]


def canonical(term: object) -> str:
    text = "" if term is None else str(term) if isinstance(term, rdflib.term.Node) else term.value  # type: ignore[attr-defined]
    try:
        return str(round(Decimal(text), 10).normalize())
    except InvalidOperation:
        is_time = re.match(r"\d{4}-\d\d-\d\dT", text)
        return datetime.fromisoformat(text).isoformat() if is_time else text


@pytest.mark.parametrize("name", NAMES)
def test_examples_and_defaults_are_in_the_bundle(name: str, bundle: Store) -> None:
    for parameter in QUERIES[name].parameters:
        if parameter.type == "iri":
            for value in filter(None, (parameter.default, parameter.example)):
                term = parameter.term(value)
                assert bundle.ask(f"ASK {{ {{ {term} ?p ?o }} UNION {{ ?s ?p {term} }} }}"), f"{term} is unknown"


@pytest.mark.parametrize("name", NAMES)
def test_codes_and_indicators_are_in_the_bundle(name: str, bundle: Store) -> None:
    body = QUERIES[name].text.split("SELECT", 1)[1]
    for prefix, term in re.findall(r"\b(code|ch|ind):([\w-]+)", body):
        assert bundle.ask(f"ASK {{ <{PREFIXES[prefix]}{term}> ?p ?o }}"), f"{prefix}:{term} is unknown"


OF_KIND: dict[str, Callable[[object], bool]] = {
    "iri": lambda term: isinstance(term, ox.NamedNode),
    "string": lambda term: isinstance(term, ox.Literal),
    "number": lambda term: is_literal(term, XSD.integer, XSD.decimal, XSD.double),
    "integer": lambda term: is_literal(term, XSD.integer),
    "boolean": lambda term: is_literal(term, XSD.boolean),
    "date": lambda term: is_literal(term, XSD.date),
}


def is_literal(term: object, *datatypes: str) -> bool:
    return isinstance(term, ox.Literal) and term.datatype.value in datatypes


@pytest.mark.parametrize("name", NAMES)
def test_values_are_of_the_kind_that_is_told_of_their_column(name: str, example: EmbeddedStore, bundle: Store) -> None:
    kinds = QUERIES[name].kinds
    assert kinds
    for table in (answer(QUERIES[name], example), answer(QUERIES[name], bundle)):
        for row in table.rows:
            for column, term in zip(table.columns, row, strict=True):
                assert term is None or column not in kinds or OF_KIND[kinds[column]](term), (column, term)


@pytest.mark.parametrize("name", NAMES)
def test_the_total_order_keeps_to_the_order_that_is_stated(name: str, bundle: Store) -> None:
    query = QUERIES[name]
    values = {p.name: p.example for p in query.parameters if p.required and p.example}
    rows = [dict(row) for row in bundle.select(query.ordered(values))]
    assert [tuple(row.get(column.name) for column in query.columns) for row in rows] == list(answer(query, bundle).rows)


@pytest.mark.parametrize("name", NAMES)
def test_no_row_comes_twice(name: str, example: EmbeddedStore) -> None:
    found = answer(QUERIES[name], example).rows
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_rows_is_stated(name: str) -> None:
    assert re.search(r"^ORDER BY ", QUERIES[name].text, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_prefixes_and_terms_are_known(name: str) -> None:
    text = QUERIES[name].text
    for prefix, namespace in re.findall(r"^PREFIX ([\w-]+): <(.*)>$", text, re.MULTILINE):
        assert PREFIXES[prefix] == namespace
        assert re.search(rf"\b{prefix}:", text.split("SELECT", 1)[1]), f"{prefix}: is declared and not used"
    assert set(re.findall(r"\btt:(\w+)", text)) <= TT.terms


def test_every_expectation_has_its_query() -> None:
    for folder in (EXPECTED, EXPECTED / "example"):
        names = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("*/*.csv")}
        assert names <= set(NAMES)


def test_a_label_comes_in_the_language_asked_for(example: EmbeddedStore) -> None:
    table = QUERIES["figures/contract-value-by-year"].run(example, {"language": "zh", "unit": "CNY"})
    labels = {row[table.columns.index("documentLabel")] for row in table.rows}
    assert {str(label) for label in labels} == {'"新闻转载"@zh', '"成果转化年度报告发布"@zh'}


@pytest.mark.parametrize(
    ("name", "values", "number"),
    [
        ("figures/contract-value-by-year", {"area": "CN"}, 4),
        ("figures/contract-value-by-year", {"area": "https://w3id.org/techtransfer/id/area/CN", "unit": "USD"}, 1),
        ("figures/contract-value-by-year", {"area": "JP"}, 0),
        ("figures/contract-value-by-year", {"population": "filers", "unit": "CNY"}, 3),
        ("figures/contract-value-by-year", {"population": "https://w3id.org/techtransfer/id/org/tsinghua"}, 1),
        ("figures/contract-value-by-year", {"population": "other"}, 0),
        ("figures/growth-reported-and-computed", {"population": "filers", "indicator": "contract-value"}, 7),
        ("figures/growth-reported-and-computed", {"population": "other"}, 0),
        ("figures/years-without-a-total", {"channel": "rights-based"}, 0),
        ("checks/reported-and-derived", {"operation": "sum"}, 1),
        ("checks/reported-and-derived", {"operation": "divide"}, 0),
        ("checks/reported-and-derived", {"area": "JP"}, 0),
        ("figures/counts-above-threshold", {"least": "100000000.01"}, 0),
        ("institutions/uncertain-mentions", {"below": "0.5"}, 0),
        ("networks/collaboration-edges", {"type": "funded-project"}, 1),
        ("networks/collaboration-edges", {"from": "2021-01-01"}, 1),
        ("networks/collaboration-edges", {"until": "2020-01-01"}, 3),
        ("policy/findings-by-edition", {"theme": "finance"}, 3),
        ("policy/findings-by-edition", {"edition": "ncste-2025"}, 0),
        ("policy/findings-by-document", {"kind": "Finding"}, 1),
        ("policy/recurring-recommendations", {"kind": "Shortfall"}, 1),
        ("policy/recurring-themes", {"kind": "Shortfall", "theme": "talent"}, 3),
        ("policy/chain-from-shortfall-to-value", {"shortfall": "seed/staff"}, 4),
        ("provenance/places-in-text", {"record": "obs/seed/value"}, 1),
        ("provenance/disputed-readings", {"verdict": "misread-unit"}, 1),
    ],
)
def test_parameters_choose_rows(name: str, values: dict[str, str], number: int, example: EmbeddedStore) -> None:
    assert len(QUERIES[name].run(example, values).rows) == number
