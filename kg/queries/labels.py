"""Names of things for people: which query asks for them, and which of its rows is chosen.

The language asked for goes first, then English, then any other: a name in a language that one cannot read still tells
things apart, and its tag says why it looks foreign.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.queries.table import Table
from kg.vocabulary import RDFS, SKOS

ENGLISH = "en"


class Label(str):
    """A name, which knows its language: a tag of BCP 47, empty where none is stated."""

    language: str

    def __new__(cls, text: str, language: str = "") -> Label:
        """A text with its tag."""
        label = super().__new__(cls, text)
        label.language = language
        return label

    def is_in(self, language: str) -> bool:
        """Whether it is in a language, whatever its script or region; one without a tag is taken for any."""
        return not self.language or _fits(self.language, language)


LABELS = ("thing", "property", "label", "graph")
"""The columns of `labels_query`."""


def labels_query(things: Iterable[ox.NamedNode]) -> str:
    """The query for all labels of some things, with the graphs that they stand in; `best` chooses among them."""
    values = " ".join(sorted({str(thing) for thing in things}))
    return f"""SELECT ?thing ?property ?label ?graph WHERE {{
  VALUES ?thing {{ {values} }} VALUES ?property {{ <{RDFS.label}> <{SKOS.prefLabel}> }}
  GRAPH ?graph {{ ?thing ?property ?label }}
}}
ORDER BY ?thing ?property ?label ?graph"""


def labels(rows: Table, language: str = ENGLISH) -> dict[str, Label]:
    """Labels by IRI from the rows of `labels_query`."""
    found: dict[str, list[Label]] = {}
    for thing, _, label, _ in rows.rows:
        if isinstance(thing, ox.NamedNode) and isinstance(label, ox.Literal):
            found.setdefault(thing.value, []).append(Label(label.value, label.language or ""))
    return {iri: best(those, language) for iri, those in found.items()}


def best(candidates: Iterable[Label], language: str = ENGLISH) -> Label:
    """The label to show: in the language asked for, else in English, else without a language, else in any.

    Of several in one language the first by code points, so that a page looks the same each time.
    """
    return min(candidates, key=lambda label: (_rank(label.language, language), label.language, label))


def _rank(tag: str, language: str) -> int:
    if tag.lower() == language.lower():
        return 0
    if tag and _fits(tag, language):
        return 1
    return 2 if tag and _fits(tag, ENGLISH) else 4 if tag else 3


def _fits(tag: str, language: str) -> bool:
    """Whether two tags have one primary language: ``zh-Hans`` and ``zh``."""
    return tag.lower().partition("-")[0] == language.lower().partition("-")[0]
