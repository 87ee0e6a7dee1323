"""The page of a search: the form, what was found, and links that choose by class, country and year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from kg.queries.labels import Label
from kg.search import Choice, Page, Told
from kg.search.questions import class_iri
from kg.serve.problems import Problem
from kg.serve.resources.addresses import Addresses
from kg.vocabulary import shortened

KEPT = ("q", "class", "country", "year", "limit")
"""Parameters that links of a page keep; a language is kept by all links."""
MATCHES: Mapping[str, str] = {
    "all-words": "its words occur",
    "word-beginning": "a word begins so",
    "near": "spelt differently",
}
"""What is said of hits that do not have what was typed in one name."""
HEADINGS = {"class": "Class", "country": "Country or area", "year": "Year"}
_FEW = 10

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Item:
    """A hit with the address of its page, and in a few words how it was found."""

    told: Told
    href: str
    how: str


@dataclass(frozen=True)
class Option:
    """A value of a facet, where it leads, and whether it is chosen: then the link takes it back."""

    label: Label
    number: int
    href: str
    chosen: bool


def form(pairs: Pairs, problem: Problem | None = None) -> dict[str, Any]:
    """The page before anything was asked, or with what is wrong."""
    asked = {name: [value for given, value in pairs if given == name and value] for name in KEPT}
    return {
        "text": " ".join(asked["q"]),
        "kept": [(name, value) for name in ("class", "country", "year") for value in asked[name]],
        "problem": problem,
        "page": None,
    }


def content(
    page: Page, hits: Sequence[Told], facets: Mapping[str, Sequence[Choice]], pairs: Pairs, addresses: Addresses
) -> dict[str, Any]:
    """The page with what was found."""
    kept = [(name, value) for name, value in pairs if name in KEPT and value]
    typed = any(name == "q" for name, _ in kept)
    return form(pairs) | {
        "page": page,
        "items": [Item(hit, addresses.page(hit.iri), MATCHES.get(hit.match, "") if typed else "") for hit in hits],
        "facets": [
            (HEADINGS[kind], options) for kind, values in facets.items() if (options := [*_options(kind, values, kept)])
        ],
        "next": f"/search?{urlencode([*kept, ('after', page.after)])}" if page.after else None,
        "links": [("JSON", f"/search?{urlencode([*kept, ('format', 'json')])}")],
    }


def _options(kind: str, values: Sequence[Choice], kept: Pairs) -> Iterator[Option]:
    chosen = {_same(kind, value): (name, value) for name, value in kept if name == kind}
    for each in values[:_FEW]:
        pair = chosen.pop(each.value, None)
        others = [other for other in kept if other != pair]
        added = others if pair else [*kept, (kind, shortened(each.value) if kind == "class" else each.value)]
        yield Option(each.label, each.number, f"/search?{urlencode(added)}", pair is not None)
    for value, pair in chosen.items():  # of which nothing was found, or a range of years
        others = [other for other in kept if other != pair]
        yield Option(Label(shortened(value)), 0, f"/search?{urlencode(others)}", True)


def _same(kind: str, value: str) -> str:
    return class_iri(value) if kind == "class" else value.upper() if len(value) == len("CN") else value
