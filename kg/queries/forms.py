"""An answer as bytes in any of the formats that it is offered in.

The formats of SPARQL results are written by the RDF library. JSON and CSV are for programs and spreadsheets that know
no RDF, Parquet for those that work with columns.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.queries.formulas import safe_text
from kg.queries.table import Table, to_csv, to_json
from kg.queries.terms import BOOLEAN, DATE, INTEGER, NUMBER
from kg.store.base import Term, text_of
from kg.vocabulary import XSD

if TYPE_CHECKING:
    import polars as pl

_RESULTS: Mapping[str, ox.QueryResultsFormat] = MappingProxyType(
    {
        "tsv": ox.QueryResultsFormat.TSV,
        "srj": ox.QueryResultsFormat.JSON,
        "srx": ox.QueryResultsFormat.XML,
    }
)
FORMS = ("csv", "html", "json", "parquet", *_RESULTS)
"""The formats by name."""


def written(table: Table, form: str, kinds: Mapping[str, str] | None = None) -> bytes:
    """An answer in one of `FORMS`.

    Parameters
    ----------
    kinds
        What kind of value a column holds, as `kg.queries.NamedQuery.kinds` has it; only Parquet asks.
    """
    if form == "csv":
        return to_csv(safe(table)).encode()
    if form == "html":
        return _html(table).encode()
    if form == "json":
        return to_json(table).encode()
    if form == "parquet":
        return _parquet(table, kinds or {})
    results = ox.parse_query_results(lines(table), ox.QueryResultsFormat.TSV)
    return cast(bytes, cast(ox.QuerySolutions, results).serialize(format=_RESULTS[form]))


def lines(table: Table) -> bytes:
    """An answer as tab-separated values of SPARQL 1.1, each term in full."""
    rows = [[f"?{name}" for name in table.columns]]
    rows += [["" if term is None else str(term) for term in row] for row in table.rows]
    return "".join("\t".join(row) + "\n" for row in rows).encode()


def safe(table: Table) -> Table:
    """The same with an apostrophe before each text that a spreadsheet would run: see `kg.queries.formulas`."""
    rows = tuple(tuple(_safe(term) for term in row) for row in table.rows)
    return table if rows == table.rows else Table(table.columns, rows)


def _safe(term: Term | None) -> Term | None:
    text = text_of(term)
    changed = safe_text(text)
    return term if changed == text else ox.Literal(changed)


def _html(table: Table) -> str:
    """A page with nothing but the table."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    rows = ("".join(f"<td>{escape(text_of(term))}</td>" for term in row) for row in table.rows)
    body = "\n".join(f"<tr>{cells}</tr>" for cells in rows)
    start = '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Answer</title></head><body>\n'
    return f"{start}<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</body></html>\n"


def frame(table: Table, kinds: Mapping[str, str]) -> pl.DataFrame:
    """An answer as columns with types: numbers as 64-bit floats or integers, days, truth values, else text.

    A column whose kind is not known, or with a value that is not of its kind, is text; what is not bound is null.
    """
    import polars as pl  # noqa: PLC0415 - takes a quarter of a second that other formats need not wait for

    columns = zip(*table.rows, strict=True) if table.rows else [()] * len(table.columns)
    named = zip(table.columns, columns, strict=True)
    return pl.DataFrame([_series(name, column, kinds.get(name)) for name, column in named])


def _parquet(table: Table, kinds: Mapping[str, str]) -> bytes:
    """The same columns, in the types of Parquet."""
    out = io.BytesIO()
    frame(table, kinds).write_parquet(out)
    return out.getvalue()


def _series(name: str, terms: Iterable[Term | None], kind: str | None) -> pl.Series:
    import polars as pl  # noqa: PLC0415

    values = list(terms)
    text = pl.Series(name, [None if term is None else text_of(term) for term in values], dtype=pl.String())
    typed: Mapping[str, tuple[tuple[str, ...], Callable[[], pl.Series]]] = {
        NUMBER: ((XSD.decimal, XSD.integer, XSD.double), lambda: text.cast(pl.Float64())),
        INTEGER: ((XSD.integer,), lambda: text.cast(pl.Int64())),
        BOOLEAN: ((XSD.boolean,), lambda: text == "true"),
        DATE: ((XSD.date,), lambda: text.str.to_date("%Y-%m-%d")),
    }
    datatypes, converted = typed.get(kind or "", ((), lambda: text))
    if not all(term is None or _has_type(term, datatypes) for term in values):
        return text
    try:
        return converted()
    except pl.exceptions.PolarsError:  # no value of its datatype
        return text


def _has_type(term: Term, datatypes: Sequence[str]) -> bool:
    return isinstance(term, ox.Literal) and term.datatype.value in datatypes
