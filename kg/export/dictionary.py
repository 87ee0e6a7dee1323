"""The data dictionary of the tables: CSV on the Web metadata, which says what columns mean and how rows are triples.

A CSV on the Web processor makes of the tables the triples that they were made from, but for what it cannot say: a cell
with several IRIs (the standard has lists of literals only; these come as ``xsd:anyURI``), literals whose texts are no
values of their datatypes, and triple terms.
https://www.w3.org/TR/tabular-metadata/
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from kg.export import naming
from kg.export.schemas import ID, Field
from kg.export.statistics import Class, Statistics
from kg.vocabulary import RDF, RDFS, SKOS, XSD, shortened

_TELLING = {RDFS.label: "label", SKOS.prefLabel: "label", SKOS.definition: "definition", RDFS.comment: "definition"}
_OTHER_TYPES = {f"{RDF.namespace}HTML": "html", f"{RDF.namespace}XMLLiteral": "xml"}
_LIST_OF_IRIS = "Several IRIs; a CSV on the Web processor gives them as xsd:anyURI."
_MISFIT = "Texts that are no values of their datatype, {}; a CSV on the Web processor passes them over."
_TRIPLE_TERM = "Triple terms as N-Triples writes them; a CSV on the Web processor passes them over."


class Words:
    """What the release itself says of its classes and properties, in English."""

    def __init__(self, statistics: Statistics) -> None:
        wanted = {each.iri for each in statistics.classes} | {each.iri for each in statistics.properties}
        self._wanted = list(wanted)
        self._said: dict[tuple[str, str], str] = {}

    def add(self, merged: pl.DataFrame) -> None:
        """Gather from some statements."""
        told = merged.filter(
            pl.col("subject").is_in(self._wanted),
            pl.col("predicate").is_in(list(_TELLING)),
            pl.col("language").fill_null("en") == "en",
        )
        for subject, predicate, value in told.select("subject", "predicate", "value").iter_rows():
            self._said.setdefault((subject, _TELLING[predicate]), value)

    def of(self, iri: str) -> dict[str, str]:
        """``dc:title`` and ``dc:description``, as far as there are such."""
        keys = {"dc:title": "label", "dc:description": "definition"}
        return {key: text for key, kind in keys.items() if (text := self._said.get((iri, kind)))}


def text(tables: Iterable[tuple[str, Class, Sequence[Field]]], words: Words) -> str:
    """The metadata of a group of tables, as JSON."""
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": f"{naming.TITLE['en']}: tables by class",
        "dc:description": "A row for each thing of a class; where there are several values, a separator is between.",
        "dc:license": {"@id": naming.LICENCE},
        "dc:source": {"@id": naming.SERIES},
        "tables": [_table(name, of, fields, words) for name, of, fields in tables],
    }
    return json.dumps(group, ensure_ascii=False, indent=1) + "\n"


def _table(name: str, of: Class, fields: Sequence[Field], words: Words) -> dict[str, Any]:
    key = {
        "name": ID,
        "titles": ID,
        "datatype": "anyURI",
        "required": True,
        "suppressOutput": True,
        "dc:description": "The IRI of the thing.",
    }
    kind = {"name": "rdf_type_", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": of.iri}
    schema = {
        "aboutUrl": f"{{+{ID}}}",
        "primaryKey": ID,
        "columns": [key, *(_column(each, words) for each in fields), kind],
    }
    return {"url": f"{name}.csv", **words.of(of.iri), "tableSchema": schema}


def _column(of: Field, words: Words) -> dict[str, Any]:
    told = words.of(of.of.property)
    column: dict[str, Any] = {
        "name": of.name,
        "titles": of.name,
        **told,
        "propertyUrl": of.of.property,
        **_values(of),
    }
    if of.many:
        column["separator"] = of.separator
    if of.null:
        column["null"] = of.null
    return column


def _values(of: Field) -> dict[str, Any]:
    """How cells become objects."""
    if of.of.kind == "triple":
        return {"datatype": "string", "suppressOutput": True, "rdfs:comment": _TRIPLE_TERM}
    if of.of.kind == "misfit":
        comment = _MISFIT.format(shortened(of.of.datatype or ""))
        return {"datatype": "string", "suppressOutput": True, "rdfs:comment": comment}
    if of.of.kind == "iri":
        return {"datatype": "anyURI", "rdfs:comment": _LIST_OF_IRIS} if of.many else {"valueUrl": f"{{+{of.name}}}"}
    if of.of.language:
        return {"lang": of.of.language}
    datatype = of.of.datatype or XSD.string
    if datatype.startswith(XSD.namespace):
        return {"datatype": datatype.removeprefix(XSD.namespace)}
    return {"datatype": _OTHER_TYPES.get(datatype) or {"base": "string", "@id": datatype}}
