"""Attributes of nodes, as typed columns: what they are called, of what kind, where.

One query file says what there is (``queries/nodes/attributes.rq``): rows of node, attribute and value. A column is of
the type that all its values share, a list where a node has several.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl
import pyoxigraph as ox

from kg import assets, queries
from kg.analysis.network import Network
from kg.errors import NetworkError
from kg.queries import NamedQuery
from kg.queries.labels import ENGLISH, Label, best
from kg.queries.named import PARAMETER_LINE
from kg.store.base import Store, Term, text_of
from kg.vocabulary import XSD

QUERY = "nodes/attributes"

_NODES = 2_000
_COLUMNS = ("node", "attribute", "value")
_RESERVED = {"iri", "label", "mode"}
_TYPES = {
    XSD.integer: pl.Int64(),
    XSD.decimal: pl.Float64(),
    XSD.double: pl.Float64(),
    XSD.boolean: pl.Boolean(),
}
_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)


def query() -> NamedQuery:
    """The query that tells attributes."""
    return queries.read(assets.folder("queries") / f"{QUERY}.rq")


def described(network: Network, store: Store, *, language: str = ENGLISH, told: NamedQuery | None = None) -> Network:
    """The network with the attributes that a store tells of its nodes.

    Parameters
    ----------
    told
        Another query with the columns node, attribute and value, and a line ``VALUES ?node { ... }``.

    Notes
    -----
    Cost: 30 CPU µs a node.
    """
    found = list(_asked(network.nodes["iri"].to_list(), store, told or query()))
    labels = _labels([row for row in found if row[1] == "label"], language)
    columns = [labels, *_columns([row for row in found if row[1] not in _RESERVED])]
    nodes = network.nodes.drop("label")
    for column in columns:
        nodes = nodes.join(column, on="iri", how="left", maintain_order="left")
    first = [name for name in ("iri", "label", "mode") if name in nodes.columns]
    return network.with_nodes(nodes.select(*first, pl.exclude(first)))


def _asked(iris: Sequence[str], store: Store, told: NamedQuery) -> Iterator[tuple[str, str, Term]]:
    if tuple(column.name for column in told.columns) != _COLUMNS:
        raise NetworkError(f"{told.path}: a query for attributes has the columns {', '.join(_COLUMNS)}")
    terms = [term for iri in iris if (term := _term(iri))]
    for begin in range(0, len(terms), _NODES):
        for row in store.select(_bound(told.text, terms[begin : begin + _NODES])):
            if len(row) == len(_COLUMNS) and _NAME.fullmatch(name := text_of(row["attribute"])):
                yield text_of(row["node"]), name, row["value"]


def _term(iri: str) -> str | None:
    """The node as SPARQL writes it; None for what is no IRI, of which nothing can be known."""
    try:
        return str(ox.NamedNode(iri))
    except ValueError:
        return None


def _bound(text: str, terms: Sequence[str]) -> str:
    """The query for these nodes instead of the one that stands in it."""
    return PARAMETER_LINE.sub(
        lambda line: f"{line['before']}{' '.join(terms)}{line['after']}" if line["name"] == "node" else line[0], text
    )


def _labels(rows: Sequence[tuple[str, str, Term]], language: str) -> pl.DataFrame:
    found: dict[str, list[Label]] = {}
    for node, _, value in rows:
        if isinstance(value, ox.Literal):
            found.setdefault(node, []).append(Label(value.value, value.language or ""))
    chosen = {node: str(best(labels, language)) for node, labels in found.items()}
    return pl.DataFrame(
        {"iri": list(chosen), "label": list(chosen.values())}, schema={"iri": pl.String, "label": pl.String}
    )


def _columns(rows: Sequence[tuple[str, str, Term]]) -> Iterator[pl.DataFrame]:
    """A column for each attribute that any node has."""
    by_name: dict[str, list[tuple[str, Term]]] = {}
    for node, name, value in rows:
        by_name.setdefault(name, []).append((node, value))
    for name, values in sorted(by_name.items()):
        kind = _type_of([value for _, value in values])
        column = pl.DataFrame(
            {"iri": [node for node, _ in values], name: [text_of(value) for _, value in values]},
            schema={"iri": pl.String, name: pl.String},
        ).with_columns(_cast(name, kind))
        listed = column.group_by("iri", maintain_order=True).agg(pl.col(name).drop_nulls().unique().sort())
        single = listed.select(pl.col(name).list.len().max()).item()
        yield listed if (single or 0) > 1 else listed.with_columns(pl.col(name).list.first())


def _type_of(values: Sequence[Term]) -> pl.DataType:
    kinds = {value.datatype.value if isinstance(value, ox.Literal) else XSD.string for value in values}
    types = {_TYPES.get(kind, pl.String()) for kind in kinds}
    if types == {pl.Int64(), pl.Float64()}:
        return pl.Float64()
    return types.pop() if len(types) == 1 else pl.String()


def _cast(name: str, kind: pl.DataType) -> pl.Expr:
    if kind == pl.Boolean():
        return pl.col(name).is_in(["true", "1"]).alias(name)
    return pl.col(name).cast(kind, strict=False)
