"""Hits as people and programs are told of them: named in a language, with what their classes and countries are called.

The index knows the names of classes and areas as well, since they are things of the release, so nothing is asked of the
database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg import iris
from kg.queries.labels import ENGLISH, Label, best
from kg.search.building import hashed
from kg.search.finding import Hit, Page
from kg.search.folding import identifiers
from kg.search.index import Index
from kg.search.things import Thing
from kg.vocabulary import shortened

_SHOWN = 240
"""Characters of a description."""


@dataclass(frozen=True)
class Told:
    """A hit with its names.

    Attributes
    ----------
    label
        What it is called; of a thing without a name its identifier or the short form of its IRI.
    matched
        The name by which it was found, where that is another one.
    classes
        Name by IRI.
    countries
        Name by code.
    """

    iri: str
    label: Label
    match: str
    matched: Label | None
    classes: Mapping[str, Label]
    countries: Mapping[str, Label]
    years: tuple[int, ...]
    text: Label | None

    def as_json(self) -> dict[str, Any]:
        """As programs read it; what is not known is left out."""
        told = {
            "iri": self.iri,
            "label": self.label,
            "language": self.label.language,
            "match": self.match,
            "matched": self.matched,
            "matchedLanguage": self.matched.language if self.matched else None,
            "classes": [{"iri": iri, "label": name} for iri, name in self.classes.items()],
            "countries": [{"code": code, "label": name} for code, name in self.countries.items()],
            "years": list(self.years),
            "description": self.text,
        }
        return {name: value for name, value in told.items() if value or name == "label"}


@dataclass(frozen=True)
class Choice:
    """A value of a facet: how a question names it, what it is called, how many things have it."""

    value: str
    label: Label
    number: int


def told(index: Index, hits: Sequence[Hit], language: str = ENGLISH) -> list[Told]:
    """Hits with their names; errors as of `Index.asked`."""
    classes = {iri for hit in hits for iri in hit.thing.classes}
    areas = {code for hit in hits for code in hit.thing.areas}
    named = names(index, [*classes, *map(area_iri, areas)], language)
    return [_told(hit, named, language) for hit in hits]


def choices(index: Index, page: Page, language: str = ENGLISH) -> dict[str, list[Choice]]:
    """The values of facets with their names."""
    values = page.facets.values
    iris_of: Mapping[str, Callable[[str], str]] = {"class": str, "country": area_iri, "year": str}
    wanted = [iris_of[kind](each.value) for kind, all_ in values.items() if kind != "year" for each in all_]
    named = names(index, wanted, language)
    return {
        kind: [
            Choice(each.value, named.get(iris_of[kind](each.value), _short(each.value)), each.number) for each in all_
        ]
        for kind, all_ in values.items()
    }


def names(index: Index, things: Iterable[str], language: str) -> dict[str, Label]:
    """What some things are called, by IRI; those that the index does not know are left out."""
    found: dict[str, Label] = {}
    with index.asked() as reading:
        for iri in dict.fromkeys(things):
            known = (reading.thing(number) for number in reading.with_hash(hashed(f"id {identifiers(iri)[0]}")))
            for thing in known if iri else ():
                if thing.iri == iri and thing.names:
                    found[iri] = _label(thing, language)
    return found


def area_iri(code: str) -> str:
    """The IRI of an area of which a facet has the code."""
    return iris.identifier(f"area/{code}")


def _told(hit: Hit, named: Mapping[str, Label], language: str) -> Told:
    thing, label = hit.thing, _label(hit.thing, language)
    matched = Label(*hit.found.name) if hit.found.name and hit.found.name[0] != label else None
    texts = [Label(text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…", tag) for text, tag in thing.texts]
    return Told(
        thing.iri,
        label,
        hit.found.match.name.replace("_", "-"),
        matched,
        {iri: named.get(iri, _short(iri)) for iri in thing.classes},
        {code: named.get(area_iri(code), Label(code)) for code in thing.areas},
        tuple(sorted(thing.years)),
        best(texts, language) if texts else None,
    )


def _label(thing: Thing, language: str) -> Label:
    """The label of a thing, else its title, else any name, else an identifier."""
    if thing.names:
        kind = min(kind for _, _, kind in thing.names)
        return best((Label(text, tag) for text, tag, of_kind in thing.names if of_kind == kind), language)
    return Label(thing.identifiers[0]) if thing.identifiers else _short(thing.iri)


def _short(iri: str) -> Label:
    return Label(shortened(iri))


def as_json(page: Page, hits: Sequence[Told], facets: Mapping[str, Sequence[Choice]]) -> dict[str, Any]:
    """A page as programs read it: the same for the command line and the service."""
    return {
        "total": page.total,
        "hits": [hit.as_json() for hit in hits],
        "facets": {
            kind: [{"value": each.value, "label": each.label, "count": each.number} for each in values]
            for kind, values in facets.items()
        },
        "facetsExact": page.facets.exact,
        "next": page.after,
    }
