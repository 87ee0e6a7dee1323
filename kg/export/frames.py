"""JSON-LD of each class, framed: a tree for each thing, with what it refers to named by its labels.

In come the statements of a release, out goes a document for each class: plain JSON to who wants that, RDF to who
expands it. The context is in the document, so nothing has to be fetched. `frame_of` is the frame as the standard writes
it; since it has always this shape, things are written as they come, and tests hold the result equal to what a processor
makes of the frame.
https://www.w3.org/TR/json-ld11-framing/
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from kg.export import columns, schemas
from kg.export.statistics import Class, Column, Statistics
from kg.iris import local
from kg.store.release import Release
from kg.store.shelf import flat
from kg.vocabulary import RDF, RDFS, SKOS, XSD

MOST_TRIPLES = 1_000_000
"""Triples on things of a class that there is a document of: 10 CPU seconds; the tables of larger ones say the same."""
_LABELS = (RDFS.label, SKOS.prefLabel)
_NATIVE = (XSD.string, XSD.boolean, XSD.integer)
_LARGEST = 2**53
"""From there on a number of JSON may not be read as it was written."""
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,15}")
"""An integer that JSON writes as the graph does; others (``1_000``, ``abc``) keep their text and datatype."""

Json = dict[str, Any]
Term = tuple[str, str, str | None, str | None]
"""Kind, value, language and datatype of an object."""
Labels = Mapping[str, Mapping[str, list[Term]]]
"""Labels of things, by property."""


def files(statistics: Statistics) -> dict[str, str]:
    """The documents, and the class of each."""
    return {f"jsonld/{name}.jsonld": each.iri for name, each in _framed(statistics)}


def _framed(statistics: Statistics) -> Iterator[tuple[str, Class]]:
    return ((name, each) for name, each in schemas.table_names(statistics.classes) if each.triples <= MOST_TRIPLES)


@dataclass(frozen=True)
class Framed:
    """Makes the documents of all classes.

    Notes
    -----
    Two passes over the release, one for the labels of what is referred to and one for the things: 10 CPU µs a triple.
    Memory: names and labels of what things with documents refer to.
    """

    statistics: Statistics

    def __call__(self, release: Release, folder: Path) -> None:
        """Write the files."""
        documents = {
            each.iri: _Document(each, folder / flat(f"jsonld/{name}.jsonld")) for name, each in _framed(self.statistics)
        }
        labels = _labels(release, documents)
        for frame in columns.frames(release):
            for iri, described in columns.by_class(frame.filter("first")):
                if iri in documents:
                    documents[iri].add(described, labels)
        for document in documents.values():
            document.finish()


def frame_of(of: Class) -> Json:
    """The frame of a class: its things whole, and of what they refer to the labels."""
    named = {"@id": {}, "@embed": "@always", "@explicit": True, "@omitDefault": True} | {
        label: {"@omitDefault": True} for label in _LABELS
    }
    links = {name: named for name, kinds in _properties(of).items() if kinds and _are_links(kinds)}
    return {"@context": context_of(of), "@type": of.iri, "@embed": "@never", **links}


def context_of(of: Class) -> Json:
    """The terms of a class: local names of its properties, with the prefix where two share one. IRIs stay whole."""
    terms: Json = {"@version": 1.1, "id": "@id", "type": "@type", local(of.iri): of.iri}
    for name, key in _keys(of).items():
        terms[key] = {"@id": name, **_coercion(_properties(of)[name])}
    return terms


def _properties(of: Class) -> dict[str, list[Column]]:
    """What is known of the values of each property that a document has; nothing of labels that only others have."""
    found: defaultdict[str, list[Column]] = defaultdict(list)
    for column in of.columns:
        if column.property != RDF.type and column.kind != "triple":
            found[column.property].append(column)
    return {**{label: [] for label in _LABELS}, **found}


def _keys(of: Class) -> dict[str, str]:
    """The key of each property."""
    properties = _properties(of)
    shared = Counter(local(name) for name in properties)
    taken = {"id", "type", local(of.iri)}
    return {
        name: local(name) if shared[local(name)] == 1 and local(name) not in taken else schemas.plain_name(name)
        for name in properties
    }


def _are_links(kinds: list[Column]) -> bool:
    return all(column.kind == "iri" for column in kinds)


def _are_words(kinds: list[Column]) -> bool:
    return all(column.language for column in kinds)


def _coercion(kinds: list[Column]) -> Json:
    """How values of a property are written where all are of one kind; always as a list where there may be several."""
    datatypes = {(column.datatype, column.language) for column in kinds}  # a misfit is written as its datatype is
    several = len(kinds) > 1 or any(column.most > 1 for column in kinds)
    if _are_words(kinds):
        return {"@container": ["@language", "@set"] if any(column.most > 1 for column in kinds) else "@language"}
    listed = {"@container": "@set"} if several else {}
    if _are_links(kinds):
        return {"@type": "@id", **listed}
    if len(datatypes) > 1 or kinds[0].datatype in _NATIVE:
        return listed
    return {"@type": kinds[0].datatype, **listed}


@dataclass
class _Document:
    """The document of one class while it is written."""

    of: Class
    path: Path
    separator: str = "\n"
    keys: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = _keys(self.of)
        self._terms = context_of(self.of)
        context = json.dumps(self._terms, ensure_ascii=False, indent=1)
        self.path.write_text(f'{{"@context": {context},\n"@graph": [', encoding="utf-8")

    def add(self, described: pl.DataFrame, labels: Labels) -> None:
        """Add the things of some statements."""
        with self.path.open("a", encoding="utf-8") as file:
            for iri, has in _things(described):
                file.write(self.separator + json.dumps(self._thing(iri, has, labels), ensure_ascii=False))
                self.separator = ",\n"

    def finish(self) -> None:
        """Close what is open."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write("\n]}\n")

    def _thing(self, iri: str, has: Mapping[str, list[Term]], labels: Labels) -> Json:
        types = [local(value) if value == self.of.iri else value for _, value, *_ in has.get(RDF.type, [])]
        node: Json = {"id": iri, "type": types[0] if len(types) == 1 else types}
        for name, key in self.keys.items():
            if name in has:
                node[key] = self._values(key, has[name], labels)
        return node

    def _values(self, key: str, values: list[Term], labels: Labels) -> Any:
        term = self._terms[key]
        if "@language" in term.get("@container", ""):
            return _words(values, always_lists="@set" in term["@container"])
        if term.get("@type") == "@id":
            written = [self._named(value, labels) for _, value, *_ in values]
        else:
            written = [_literal(value, coerced="@type" in term) for value in values]
        return written if "@container" in term or len(written) > 1 else written[0]

    def _named(self, iri: str, labels: Labels) -> Any:
        """A reference, with labels where there are any."""
        if not (told := labels.get(iri)):
            return iri
        return {"id": iri} | {self.keys[name]: self._values(self.keys[name], told[name], labels) for name in told}


def _words(values: Iterable[Term], *, always_lists: bool) -> Json:
    """Texts by language."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for _, value, language, _ in values:
        found[language or "@none"].append(value)
    return {tag: texts if always_lists or len(texts) > 1 else texts[0] for tag, texts in found.items()}


def _literal(term: Term, *, coerced: bool) -> Any:
    kind, value, language, datatype = term
    if kind == "iri":
        return {"id": value}
    if coerced or datatype == XSD.string:
        return value
    if language:
        return {"@language": language, "@value": value}
    if datatype == XSD.boolean and value in ("true", "false"):
        return value == "true"
    if datatype == XSD.integer and _NUMBER.fullmatch(value) and abs(number := int(value)) < _LARGEST:
        return number
    return {"type": datatype, "@value": value}


def _things(described: pl.DataFrame) -> Iterator[tuple[str, dict[str, list[Term]]]]:
    """What each subject of sorted statements has, by property; triple terms, which JSON-LD has not, are left out."""
    iri, has = "", dict[str, list[Term]]()
    rows = described.filter(pl.col("kind") != "triple")
    for subject, predicate, *term in rows.select(
        "subject", "predicate", "kind", "value", "language", "datatype"
    ).iter_rows():
        if subject != iri:
            if has:
                yield iri, has
            iri, has = subject, {}
        has.setdefault(predicate, []).append((term[0], term[1], term[2], term[3]))
    if has:
        yield iri, has


def _labels(release: Release, documents: Mapping[str, _Document]) -> Labels:
    """Labels of things that are referred to."""
    is_word = pl.col("language").is_not_null() | (pl.col("datatype") == XSD.string)
    referred, told = [pl.DataFrame(schema={"subject": pl.String})], list[pl.DataFrame]()
    for frame in columns.frames(release):
        merged = frame.filter("first")
        told.append(merged.filter(pl.col("predicate").is_in(_LABELS), is_word))
        for iri, described in columns.by_class(merged):
            if iri in documents:
                values = described.filter(pl.col("kind") == "iri")
                referred.append(values.select(pl.col("value").alias("subject")).unique())
    wanted = pl.concat(referred).unique()
    labelled = pl.concat(told).join(wanted, on="subject", how="semi", maintain_order="left") if told else wanted
    return dict(_things(labelled)) if told else {}
