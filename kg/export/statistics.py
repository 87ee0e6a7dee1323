"""What a release holds: what VoID tells of it, and what its tables need to know; counted by `kg.export.counting`.

All counts but those of graphs are of the merge, where a triple that stands in two graphs counts once. They are exact;
distinct objects are told apart by a hash of 64 bits, and two of four million meet once in ten million releases.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

SEPARATORS = "|;¦‖\x1f"
"""Characters that may stand between the values of a cell; of each column it is counted in which none of them stands."""


@dataclass(frozen=True)
class Property:
    """A property: triples, and distinct subjects and objects among them."""

    iri: str
    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class Column:
    """The values of one kind that things of one class have by one property.

    Parameters
    ----------
    kind
        ``iri``, ``text``, ``misfit`` (a literal whose text is no value of its datatype) or ``triple``.
    most
        The largest number of such values that one thing has.
    shortest, longest
        Characters of the shortest and of the longest value.
    separators
        Characters of `SEPARATORS` that stand in no value.
    """

    property: str
    kind: str
    language: str | None
    datatype: str | None
    triples: int
    subjects: int
    most: int
    shortest: int
    longest: int
    separators: str


@dataclass(frozen=True)
class Class:
    """A class: its things, the triples about them, by property, and their values as columns."""

    iri: str
    entities: int
    properties: Mapping[str, int]
    columns: tuple[Column, ...]

    @property
    def triples(self) -> int:
        """Triples whose subject is one of its things."""
        return sum(self.properties.values())


@dataclass(frozen=True)
class Graph:
    """A named graph: triples, distinct subjects, things of each class."""

    iri: str
    triples: int
    subjects: int
    classes: Mapping[str, int]


@dataclass(frozen=True)
class Links:
    """Triples of one linking predicate whose objects begin with a space of names elsewhere."""

    predicate: str
    space: str
    triples: int


@dataclass(frozen=True)
class Statistics:
    """Everything that is counted; lists are sorted by IRI."""

    triples: int = 0
    subjects: int = 0
    objects: int = 0
    properties: tuple[Property, ...] = ()
    classes: tuple[Class, ...] = ()
    graphs: tuple[Graph, ...] = ()
    links: tuple[Links, ...] = ()

    def to_json(self) -> str:
        """A text that `from_json` reads."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote."""
        told: dict[str, Any] = json.loads(text)
        classes = [
            Class(**{**each, "columns": tuple(Column(**column) for column in each["columns"])})
            for each in told["classes"]
        ]
        return cls(
            told["triples"],
            told["subjects"],
            told["objects"],
            tuple(Property(**each) for each in told["properties"]),
            tuple(classes),
            tuple(Graph(**each) for each in told["graphs"]),
            tuple(Links(**each) for each in told["links"]),
        )


SPACES = {
    "https://ror.org/": "Research Organization Registry",
    "http://www.wikidata.org/entity/": "Wikidata",
    "https://sws.geonames.org/": "GeoNames",
    "http://publications.europa.eu/resource/authority/": "EU authority tables",
    "https://doi.org/": "DOI",
    "https://www.grid.ac/institutes/": "GRID",
    "https://isni.org/isni/": "ISNI",
    "https://viaf.org/viaf/": "VIAF",
    "https://d-nb.info/gnd/": "GND",
}
"""Spaces of names that linksets lead to, and what they are called; those of other places are their hosts."""


def space_of(iri: str) -> str:
    """The space of names that an IRI belongs to: one that is known, else its scheme and host.

    Examples
    --------
    >>> space_of("https://ror.org/03cve4549"), space_of("http://example.org/a/b#c")
    ('https://ror.org/', 'http://example.org/')
    """
    if known := next((space for space in SPACES if iri.startswith(space)), None):
        return known
    scheme, mark, rest = iri.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/" if mark else f"{iri.partition(':')[0]}:"
