"""What a page says of its thing to machines that read pages: schema.org as JSON-LD, and Dublin Core.

The context of the JSON-LD is inline, so that whoever reads it has nothing to fetch.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

from kg.pipeline.inputs import CC_BY
from kg.serve.resources.description import Description
from kg.serve.resources.links import SCHEMA, kinds
from kg.vocabulary import DCTERMS, PREFIXES, RDFS, SKOS

_NAMES = (RDFS.label, SKOS.prefLabel, DCTERMS.title)
_OTHER_NAMES = (SKOS.altLabel,)
_MEANINGS = (SKOS.definition, f"{DCTERMS.namespace}description")
_IDENTITIES = (SKOS.exactMatch,)
_WHOLES = (f"{PREFIXES['tt']}editionOf", f"{PREFIXES['org']}subOrganizationOf")
_REFERENCES = ("isPartOf", "license", "parentOrganization", "publisher", "sameAs", "url", "mainEntityOfPage")
CONTEXT: dict[str, Any] = {"@vocab": SCHEMA, **{name: {"@type": "@id"} for name in _REFERENCES}}

Value = str | dict[str, str]


def schema_org(described: Description) -> dict[str, Any]:
    """A thing as schema.org has it, JSON-LD with its context; what is not known is left out."""
    whole = "parentOrganization" if "Organization" in kinds(described) else "isPartOf"
    said = {
        "name": list(_texts(described, *_NAMES)),
        "alternateName": list(_texts(described, *_OTHER_NAMES)),
        "description": list(_texts(described, *_MEANINGS)),
        "identifier": list(_texts(described, DCTERMS.identifier, SKOS.notation)),
        "sameAs": _iris(described, *_IDENTITIES),
        "datePublished": list(_texts(described, DCTERMS.issued)),
        "publisher": _iris(described, DCTERMS.publisher),
        "inLanguage": list(_texts(described, DCTERMS.language)),
        whole: _iris(described, *_WHOLES),
    }
    return {
        "@context": CONTEXT,
        "@id": described.thing.value,
        "@type": kinds(described) or ["Thing"],
        **{name: values for name, values in said.items() if values},
        "mainEntityOfPage": {"@type": "AboutPage", "license": CC_BY},
    }


def dublin_core(described: Description, title: str) -> list[tuple[str, str, str]]:
    """Name, content and language of each element of the page's head; the language may be empty."""
    said = [("title", title, ""), ("identifier", described.thing.value, ""), ("license", CC_BY, "")]
    said += [("type", f"{SCHEMA}{kind}", "") for kind in kinds(described)]
    for name, properties in (
        ("alternative", (*_NAMES, *_OTHER_NAMES)),
        ("description", _MEANINGS),
        ("issued", (DCTERMS.issued,)),
        ("publisher", (DCTERMS.publisher,)),
    ):
        for value in described.values(*properties):
            if isinstance(value, ox.NamedNode | ox.Literal) and value.value != title:
                language = value.language if isinstance(value, ox.Literal) else None
                said.append((name, value.value, language or ""))
    return said


def _texts(described: Description, *properties: str) -> Iterator[Value]:
    for value in described.values(*properties):
        if isinstance(value, ox.Literal) and value.language:
            yield {"@value": value.value, "@language": value.language}
        elif isinstance(value, ox.Literal):
            yield value.value


def _iris(described: Description, *properties: str) -> list[str]:
    return [value.value for value in described.values(*properties) if isinstance(value, ox.NamedNode)]
