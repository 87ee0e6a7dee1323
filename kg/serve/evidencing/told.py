"""What a record rests on as JSON: documents, outlets, places as the Web Annotation Data Model and RFC 7111 have them.

References
----------
W3C, Web Annotation Data Model, sections 4.2.1 (fragment selector) and 4.2.4 (text position selector).
RFC 7111, URI Fragment Identifiers for the text/csv Media Type, section 2.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from kg import iris
from kg.evidence.checking import Check, Stretch
from kg.evidence.records import Document, Place, Record, Rests
from kg.serve.exploring import forms
from kg.vocabulary import DCTERMS, RDF, TT

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_RFC_7111 = "http://tools.ietf.org/rfc/rfc7111"
_OFFICIAL = f"{iris.CONCEPT}code/official"


def rests(found: Rests) -> dict[str, Any]:
    """All that is known."""
    return {
        "asked": found.asked,
        "records": [_record(found, each) for each in found.records.values()],
        "documents": [_document(found, each) for each in found.documents.values()],
        "outlets": [
            {
                "document": step.source,
                "relays": step.target,
                "distance": step.distance,
                "saidOf": "record" if step.said_of_record else "document",
            }
            for step in found.outlets
        ],
        "places": [place(each) for each in found.places],
        "whole": found.whole,
        "madeOf": [{"id": iri, **forms.label(found.labels.get(iri)), "href": href(iri)} for iri in found.operands],
    }


def as_annotations(found: Rests) -> dict[str, Any]:
    """The same places as web annotations: for each record one, whose body it is and whose targets are its places."""
    targets: dict[str, list[dict[str, Any]]] = {}
    for each in found.places:
        targets.setdefault(each.record, []).append(_target(each))
    return {
        "@context": _CONTEXT,
        "id": f"{iris.BASE.rstrip('/')}{href(found.asked)}",
        "type": "AnnotationPage",
        "items": [
            {"type": "Annotation", "motivation": "linking", "body": record, "target": each}
            for record, each in targets.items()
        ],
    }


def checks(found: Rests, checked: Iterable[Check], digest: str) -> dict[str, Any]:
    """What became of the places of a record in a document with a digest."""
    told = [_check(each) for each in checked]
    standings = [each["standing"] for each in told]
    return {
        "asked": found.asked,
        "sent": {"digest": digest, "recorded": [d.iri for d in found.documents.values() if d.digest == digest]},
        "counts": {name: standings.count(name) for name in dict.fromkeys(standings)},
        "checks": told,
        "whole": found.whole,
    }


def place(each: Place) -> dict[str, Any]:
    """One place, with its selector."""
    told: dict[str, Any] = {"id": each.iri, "record": each.record, "document": each.document}
    if each.span:
        told |= {"paragraph": each.span.paragraph or None, "digest": each.span.digest}
    return told | {"selector": _selector(each)}


def href(iri: str) -> str:
    """The address of what a thing rests on."""
    return f"/evidence/{quote(iri, safe='')}"


def _selector(each: Place) -> dict[str, Any]:
    if each.span:
        return {"type": "TextPositionSelector", "start": each.span.start, "end": each.span.end}
    return {"type": "FragmentSelector", "conformsTo": _RFC_7111, "value": f"row={each.row}"}


def _target(each: Place) -> dict[str, Any]:
    return {"id": each.iri, "type": "SpecificResource", "source": each.document, "selector": _selector(each)}


def _record(found: Rests, each: Record) -> dict[str, Any]:
    values = {name: each.all(of) for name, of in (("value", TT.value), ("unit", TT.unit), ("status", TT.status))}
    return {
        "id": each.iri,
        **forms.label(found.labels.get(each.iri)),
        "classes": each.all(RDF.type),
        **{name: those[0] for name, those in values.items() if those},
        "statedIn": each.all(TT.statedIn),
        "attributedTo": each.all(TT.attributedTo),
    }


def _document(found: Rests, each: Document) -> dict[str, Any]:
    quality = each.fact(TT.sourceQuality)
    relayed = any(step.source == each.iri for step in found.outlets)
    facts = {
        "publisher": each.fact(DCTERMS.publisher),
        "address": each.fact(DCTERMS.source),
        "language": each.fact(DCTERMS.language),
        "issued": each.fact(DCTERMS.issued),
        "licence": each.fact(DCTERMS.license),
        "quality": iris.local(quality) if quality else "",
        "reportsOn": each.fact(TT.reportsOn),
        "digest": each.digest,
    }
    sizes = {"bytes": each.fact(TT.byteLength), "characters": each.fact(TT.characterLength)}
    return {
        "id": each.iri,
        **forms.label(each.label),
        **{name: value for name, value in facts.items() if value},
        **{name: int(value) for name, value in sizes.items() if value.isdecimal()},
        "captured": bool(each.digest),
        "firstHand": quality == _OFFICIAL and not relayed,
    }


def _check(each: Check) -> dict[str, Any]:
    told: dict[str, Any] = {"standing": each.standing.value, "by": each.by, "place": place(each.place)}
    if each.found:
        told["found"] = _stretch(each.found)
    if each.now:
        told["now"] = dict(each.now)
    if each.missing:
        told["missing"] = [{"property": name, "value": value} for name, value in each.missing]
    return told if each.whole else told | {"searched": "a part"}


def _stretch(found: Stretch) -> dict[str, Any]:
    told = {name: value for name, value in asdict(found).items() if value is not None and name != "readable"}
    return told | ({"in": "the text of the page"} if found.readable else {})
