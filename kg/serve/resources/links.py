"""What belongs together on the web: a thing's page, its descriptions, licence, parts and whole, as typed links.

FAIR Signposting (https://signposting.org/FAIR/): the same links stand in the header ``Link`` (RFC 8288), in ``<link>``
elements of the page, and, all of them, in a set of links at an address of its own (RFC 9264).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urljoin

import pyoxigraph as ox

from kg.pipeline.inputs import CC_BY
from kg.queries import NamedQuery
from kg.serve.negotiation import GRAPHS, HTML
from kg.serve.resources.addresses import SUFFIXES, Addresses
from kg.serve.resources.description import Description
from kg.serve.views.tables import table
from kg.store.querying.base import Pool
from kg.vocabulary import QB, SKOS, TT

LINKSET = "application/linkset+json"
MEMBERS = "resources/links-to-thing"
IN_HEADER = 20
"""How many parts the header names; the set of links has a hundred."""

SCHEMA = "https://schema.org/"
KINDS: Mapping[str, str] = MappingProxyType(
    {
        TT.Organization: "Organization",
        TT.Population: "StatisticalPopulation",
        TT.ReportEdition: "Report",
        TT.ReportSeries: "CreativeWorkSeries",
        TT.Policy: "Legislation",
        TT.Document: "CreativeWork",
        TT.Event: "Event",
        TT.Observation: "Observation",
        TT.Indicator: "StatisticalVariable",
        TT.Area: "Place",
        TT.PolicyRecommendation: "Claim",
        TT.Finding: "Claim",
        TT.Shortfall: "Claim",
        TT.Progress: "Claim",
        TT.Outlook: "Claim",
        TT.Assessment: "ClaimReview",
        TT.StatisticalCell: "Dataset",
        QB.DataSet: "Dataset",
        SKOS.Concept: "DefinedTerm",
        SKOS.ConceptScheme: "DefinedTermSet",
    }
)
"""What schema.org calls the things of each class."""

_WHOLES = (TT.cell, TT.editionOf, QB.dataSet, f"{SKOS.namespace}inScheme", TT.spanOf)
"""Properties that lead from a part to its whole, the nearest first."""
_PARTS = MappingProxyType(
    {
        TT.StatisticalCell: TT.cell,
        TT.ReportSeries: TT.editionOf,
        QB.DataSet: QB.dataSet,
        SKOS.ConceptScheme: f"{SKOS.namespace}inScheme",
        TT.Document: TT.statedIn,
    }
)
"""Property that leads from the parts of a thing to it, by its class."""
_KEPT = "/:?#[]@!$&'()*+,;=-._~%"


@dataclass(frozen=True)
class Link:
    """A typed link from the page of a thing; ``type`` is the media type of what it leads to."""

    rel: str
    href: str
    type: str = ""


async def parts(pool: Pool, queries: Mapping[str, NamedQuery], described: Description) -> tuple[str, ...]:
    """What a collection holds, a hundred IRIs at most; nothing for what is none. Errors as of `table`."""
    for kind in described.types:
        if kind in _PARTS and described.incoming.get(_PARTS[kind]):
            values = {"thing": described.thing.value, "property": _PARTS[kind]}
            rows = await table(pool, queries[MEMBERS], values)
            return tuple(subject.value for _, subject in rows.rows if isinstance(subject, ox.NamedNode))
    return ()


def links(described: Description, addresses: Addresses, members: Sequence[str] = ()) -> list[Link]:
    """All links of the page of a thing, its set of links first."""
    thing = described.thing.value
    wholes = [value.value for value in described.values(*_WHOLES) if isinstance(value, ox.NamedNode)]
    return [
        Link("linkset", addresses.linkset(thing), LINKSET),
        Link("cite-as", thing),
        *(Link("type", f"{SCHEMA}{name}") for name in ("AboutPage", *kinds(described))),
        *_described_by(thing, addresses),
        Link("license", CC_BY),
        *(Link("collection", whole) for whole in wholes[:1]),  # clients take one
        *(Link("item", member) for member in members),
    ]


def kinds(described: Description) -> list[str]:
    """What schema.org calls a thing."""
    return list(dict.fromkeys(KINDS[kind] for kind in described.types if kind in KINDS))


def _described_by(thing: str, addresses: Addresses) -> Iterator[Link]:
    for suffix, name in SUFFIXES.items():
        yield Link("describedby", addresses.about(thing, suffix), GRAPHS[name])


def header(found: Iterable[Link]) -> str:
    """The value of a ``Link`` header, with no more items than it has room for."""
    items = 0
    texts = []
    for link in found:
        items += link.rel == "item"
        if items <= IN_HEADER or link.rel != "item":
            kind = f'; type="{link.type}"' if link.type else ""
            texts.append(f'<{uri(link.href)}>; rel="{link.rel}"{kind}')
    return ", ".join(texts)


def of_document(thing: str, addresses: Addresses) -> str:
    """The value of the ``Link`` header of a description: what it describes, and where all links are."""
    about = [Link("describes", addresses.page(thing), HTML), Link("linkset", addresses.linkset(thing), LINKSET)]
    return header([*about, Link("license", CC_BY)])


def linkset(found: Iterable[Link], thing: str, addresses: Addresses, base: str) -> dict[str, Any]:
    """The set of links as JSON, with whole addresses.

    Parameters
    ----------
    base
        The address of the service.
    """
    page = urljoin(base, addresses.page(thing))
    context: dict[str, Any] = {"anchor": page}
    back = []
    for link in found:
        if link.rel != "linkset":
            target = {"href": urljoin(base, uri(link.href))} | ({"type": link.type} if link.type else {})
            context.setdefault(link.rel, []).append(target)
        if link.rel == "describedby":
            about = urljoin(base, link.href)
            back.append({"anchor": about, "describes": [{"href": page, "type": HTML}]})
    return {"linkset": [context, *back]}


def uri(iri: str) -> str:
    """An IRI in the characters of a URI, so that it can stand in a header."""
    return quote(iri, safe=_KEPT)
