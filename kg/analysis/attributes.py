"""Attributes of nodes, as typed columns: what they are called, of what kind, where.

One query file says what there is (``queries/nodes/attributes.rq``): rows of node, attribute and value. A column is of
the type that all its values share, a list where a node has several.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl
import pyoxigraph as ox

from kg import assets, queries
from kg.analysis import links
from kg.analysis.network import Network
from kg.analysis.rows import Place
from kg.errors import NetworkError
from kg.queries import NamedQuery
from kg.queries.labels import ENGLISH, Label, best
from kg.queries.named import PARAMETER_LINE
from kg.store.base import Store, Term, text_of
from kg.store.release import Release
from kg.store.shelf import Batch, Shelf, flat, key_of, stated
from kg.vocabulary import DCTERMS, RDFS, SKOS, TT, XSD

QUERY = "nodes/attributes"

MOST_ASKED = 5_000
"""Nodes up to which attributes are asked for by SPARQL."""

_FILE = "networks/of-attributes.parquet"
_CODE = "1"
_LINKS = {
    RDFS.label: "label",
    SKOS.prefLabel: "label",
    TT.organizationType: "type",
    TT.homeArea: "area",
    TT.sector: "sector",
    DCTERMS.issued: "issued",
}
"""What the query asks for, as properties of a node."""
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


def described(
    network: Network,
    place: Place,
    *,
    language: str = ENGLISH,
    told: NamedQuery | None = None,
    most_asked: int = MOST_ASKED,
) -> Network:
    """The network with the attributes that a release tells of its nodes.

    Parameters
    ----------
    told
        Another query with the columns node, attribute and value, and a line ``VALUES ?node { ... }``.

    Notes
    -----
    Cost: 190 CPU µs a node by SPARQL. Of more than a few thousand nodes the statements are read from the segments, once
    for a release, and then cost 20 µs a node.
    """
    if told is None and place.release and place.digest and network.order > most_asked:
        found = list(_read(place.release, network.nodes.select(pl.col("iri").alias("subject"))))
    else:
        found = list(_asked(network.nodes["iri"].to_list(), place.store, told or query()))
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


def _read(release: Release, nodes: pl.DataFrame) -> Iterator[tuple[str, str, Term]]:
    """The same rows from the statements that are kept for a release; the tests hold the two equal."""

    def make(held: Release, folder: Path) -> None:
        statements = links.statements(held, {*_LINKS, TT.withinArea}).unique().sort("subject", "predicate")
        statements.write_parquet(folder / flat(_FILE), compression="lz4")

    batch = Batch("network-attributes", (_FILE,), key_of(release, stated(release), _CODE, *_LINKS), make)
    kept = pl.read_parquet(Shelf(release).get(batch)[_FILE].path)
    above = kept.filter(pl.col("predicate") == TT.withinArea)
    wider: dict[str, list[str]] = {}
    for area, whole in above.select("subject", "value").iter_rows():
        wider.setdefault(area, []).append(whole)
    for node, predicate, value, language in kept.join(nodes, on="subject", how="semi").iter_rows():
        if (name := _LINKS.get(predicate)) is None or value is None:
            continue
        yield node, name, ox.NamedNode(value) if language is None else _text(value, language)
        if name == "area":
            yield from ((node, "within", ox.NamedNode(each)) for each in _above(value, wider))


def _text(value: str, language: str) -> ox.Literal:
    """A text of a segment without its escapes, which are among those of JSON (RDF 1.2 N-Quads, canonical form)."""
    plain = json.loads(f'"{value}"', strict=False) if "\\" in value else value
    return ox.Literal(plain, language=language or None)


def _above(area: str, wider: Mapping[str, Sequence[str]]) -> set[str]:
    """All areas that one lies in, however far up."""
    found: set[str] = set()
    pending = list(wider.get(area, ()))
    while pending:
        if (each := pending.pop()) not in found:
            found.add(each)
            pending += wider.get(each, ())
    return found


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
