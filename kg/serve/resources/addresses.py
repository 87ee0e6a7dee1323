"""Which path of the service stands for which thing, and where a thing leads.

A thing ``<base>id/org/ncste`` is asked for at ``/id/org/ncste``, which leads on to one of the documents about it:
``/page/id/org/ncste`` for people and ``/about/id/org/ncste.ttl`` for programs, with ``/linkset/id/org/ncste`` for what
belongs to it. A thing with any other IRI has the same three documents, its IRI in the query: ``/page?iri=<IRI>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlencode

import pyoxigraph as ox

from kg import iris
from kg.serve.negotiation import EXTENSIONS, GRAPHS

PLACES = ("id", "concept", ".well-known/genid")
"""Paths below the base at which things are asked for; a graph's own address answers with the graph itself."""
SUFFIXES = {"ttl": "turtle", "nt": "ntriples", "jsonld": "jsonld", "rdf": "rdfxml", "trig": "trig", "nq": "nquads"}
"""Extensions of the documents for programs, and the formats that they are in."""

_OUTSIDE = ("http://", "https://", "mailto:")
_DOI = re.compile(r"doi:(10\.\d{4,9}/\S+)", re.IGNORECASE)
_KEPT = "/%:@!$&'()*+,;=-._~"
_ASCII = re.compile(r"(?:%[0-7][0-9A-Fa-f])+")

assert set(SUFFIXES.values()) == set(GRAPHS) and EXTENSIONS.items() <= SUFFIXES.items()  # noqa: S101


@dataclass(frozen=True)
class Addresses:
    """The paths of one service.

    Parameters
    ----------
    bases
        What the IRIs of the things begin with that are served by path; the first goes first where several have a thing
        of one name. The project's own is always among them.
    """

    bases: tuple[str, ...] = (iris.BASE,)

    def things(self, path: str) -> Iterator[ox.NamedNode]:
        """What a path, as it was sent, may stand for, the likeliest first.

        An address has only ASCII, an IRI may hold any character, so each reading of what is percent-encoded is one.
        """
        readings = dict.fromkeys((path, _outside_ascii(path), unquote(path, errors="surrogateescape")))
        for base in self.bases:
            for reading in readings:
                try:
                    yield ox.NamedNode(base + reading)
                except ValueError:  # no IRI, so nothing that a graph could hold
                    continue

    def path(self, iri: str) -> str | None:
        """The part of an IRI below the base, as it is written in an address; None if it is not served by path."""
        for base in self.bases:
            rest = iri.removeprefix(base)
            if rest != iri and rest.startswith(tuple(f"{place}/" for place in (*PLACES, "graph"))):
                return quote(rest, safe=f"{_KEPT}#")
        return None

    def page(self, iri: str, **options: str) -> str:
        """The page about a thing."""
        return self._document("/page", iri, options)

    def about(self, iri: str, suffix: str) -> str:
        """The document about a thing in the syntax that a suffix stands for."""
        path = self.path(iri)
        return (
            self._document("/about", iri, {"format": suffix}) if path is None else f"{_whole('/about', path)}.{suffix}"
        )

    def document(self, iri: str) -> str:
        """The IRI of what is said about a thing, whatever the syntax and wherever the service runs."""
        return f"{self.bases[0]}{self._document('about', iri, {})}"

    def linkset(self, iri: str) -> str:
        """What belongs to a thing, as a set of links."""
        return self._document("/linkset", iri, {})

    def leads(self, iri: str) -> str | None:
        """Where an IRI from the data may lead: one of ours to its own address, an outside one to itself.

        Data is not trusted: only http, https and mailto are followed, and DOIs to their resolver; ``javascript:`` and
        whatever else leads nowhere.
        """
        for name, address in ((iris.ONTOLOGY, "/ontology#"), (iris.SHAPES, "/shapes#"), (iris.QUERY, "/queries/")):
            if iri.startswith(name):
                return address + quote(iri.removeprefix(name), safe=_KEPT)
        if (path := self.path(iri)) is not None:
            return f"/page/{path}" if path.startswith("graph/") else f"/{path}"
        if found := _DOI.fullmatch(iri):
            return f"https://doi.org/{quote(found[1], safe=_KEPT)}"
        return iri if iri.lower().startswith(_OUTSIDE) and not iri.startswith(self.bases) else None

    def _document(self, kind: str, iri: str, options: dict[str, str]) -> str:
        path = self.path(iri)
        query = urlencode(options if path is not None else {"iri": iri, **options})
        place = kind if path is None else _whole(kind, path)
        return f"{place}?{query}" if query else place


def _whole(kind: str, path: str) -> str:
    """The document about a thing; what follows a number sign is never sent, so it is written as part of the path."""
    return f"{kind}/{path.replace('#', '%23')}"


def _outside_ascii(path: str) -> str:
    """A path with those characters decoded that no address could hold, and only those."""
    kept = _ASCII.sub(lambda encoded: encoded[0].replace("%", "%25"), path)
    return unquote(kept, errors="surrogateescape")
