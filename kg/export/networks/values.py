"""Values of attributes as formats need them: types, lists as one text, characters that a format cannot hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from kg.provenance import TOOL

if TYPE_CHECKING:
    from kg.analysis.network import Network

SEPARATOR = "|"
"""Between values of one attribute, where a format has no lists; no IRI holds it (RFC 3987, section 2.2)."""

# What XML 1.0 has no way to write (section 2.2, Char).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_REPLACEMENT = "\ufffd"
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_TO_ESCAPE = re.compile(r'[&<>"\t\n\r]')


def xml(text: str) -> str:
    """Text for an element or an attribute in double quotes; what XML cannot hold becomes U+FFFD."""
    return _TO_ESCAPE.sub(lambda match: _MARKUP[match[0]], expressible(text))


def expressible(text: str) -> str:
    """Text with U+FFFD for what XML cannot hold."""
    return _NOT_XML.sub(_REPLACEMENT, text)


def one_line(text: str) -> str:
    """Text with a blank for each run of line ends and control characters."""
    return _CONTROL.sub(" ", text)


def kind(of: pl.DataType) -> str:
    """What formats call the type of a column: ``boolean``, ``long``, ``double`` or ``string``."""
    if of == pl.Boolean():
        return "boolean"
    if of.is_integer():
        return "long"
    return "double" if of.is_float() else "string"


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """The same with lists as one text each, and all but numbers and truth values as texts."""
    columns = []
    for name, of in frame.schema.items():
        if isinstance(of, pl.List):
            columns.append(pl.col(name).cast(pl.List(pl.String)).list.join(SEPARATOR).alias(name))
        elif kind(of) == "string":
            columns.append(pl.col(name).cast(pl.String))
    return frame.with_columns(columns)


def written(value: Any) -> str:
    """A number, truth value or text as XML Schema and JSON write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def nodes(network: Network) -> tuple[list[tuple[str, str]], Iterator[tuple[str, list[Any]]]]:
    """Name and type of each attribute; then each node's IRI and its values, None where it has none."""
    frame = flat(network.nodes)
    names = [name for name in frame.columns if name != "iri"]
    rows = ((row[0], list(row[1:])) for row in frame.select("iri", *names).iter_rows())
    return [(name, kind(frame.schema[name])) for name in names], rows


def edges(network: Network) -> Iterator[tuple[int, int, float, int]]:
    """Source, target, weight and records of each edge."""
    return network.edges.iter_rows()


def provenance(network: Network) -> dict[str, Any]:
    """Where a network comes from, as plain values; parameters as one text of JSON, since formats have no maps."""
    told = network.source.told()
    parameters = json.dumps(told.pop("parameters"), ensure_ascii=False, sort_keys=True)
    size = {"node_count": network.order, "edge_count": network.size, "loops_left_out": network.loops}
    return {**told, "parameters": parameters, "digest": network.source.digest, **size, "tool": TOOL}
