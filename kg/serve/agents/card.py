"""What a model reads before it asks: the schema card, and the catalogue of queries."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pyoxigraph as ox

from kg import assets, iris
from kg.export.statistics import Statistics
from kg.queries import NamedQuery, Parameter
from kg.serve.agents.models import QueryEntry
from kg.vocabulary import PREFIXES, RDF, RDFS, SKOS, shortened

_CLASSES = 60
_OF_DESCRIPTIONS = ("http://www.w3.org/2002/07/owl#", "http://rdfs.org/ns/void#", "http://www.w3.org/ns/shacl#")
"""Namespaces of what describes data and is not asked about."""
_LEAST = 18
"""Properties of a class that are listed; of more those that are used most."""


def card(release: str, statistics: Statistics | None) -> str:
    """Classes with their properties and counts, prefixes and the rules of the model, as Markdown of about 10 kB."""
    lines = [
        "# Schema card",
        "",
        f"Release {release or 'unknown'}. Every figure is a claim (tt:Observation): tt:value with tt:lowerBound and"
        " tt:upperBound, tt:unit, tt:indicator, tt:refPeriod, tt:refArea, tt:channel, tt:observedUnit (whose),"
        " tt:status, tt:statedIn (document) or tt:derivedBy; claims of one tt:cell are about the same and may conflict."
        " Codes are concepts (concept/code/...). Named graphs are sources; the default graph is their union.",
        "",
        "## Prefixes (may be used without declaring them)",
        "",
        *(f"- {name}: <{namespace}>" for name, namespace in PREFIXES.items()),
        "",
        "## Classes (things; properties with statements)",
        "",
    ]
    return "\n".join([*lines, *(_counted(statistics) if statistics else _declared())]) + "\n"


def _counted(statistics: Statistics) -> list[str]:
    """What the release holds, the largest classes first."""
    told = _definitions()
    lines = []
    own = [each for each in statistics.classes if not each.iri.startswith(_OF_DESCRIPTIONS)]
    for kind in sorted(own, key=lambda each: -each.entities)[:_CLASSES]:
        used = sorted(kind.properties.items(), key=lambda pair: -pair[1])
        shown = ", ".join(f"{shortened(name)} {number:,}" for name, number in used[:_LEAST] if name != RDF.type)
        more = f", and {len(used) - _LEAST} more" if len(used) > _LEAST else ""
        meaning = f" ({told[kind.iri]})" if kind.iri in told else ""
        lines.append(f"- {shortened(kind.iri)} {kind.entities:,}{meaning}: {shown}{more}")
    return lines


def _declared() -> list[str]:
    """The classes of the ontology, while nothing has been counted, or of a server elsewhere."""
    return [f"- {shortened(iri)}: {meaning}" for iri, meaning in sorted(_definitions().items())]


@cache
def _definitions() -> Mapping[str, str]:
    """What the ontology says of its classes in English."""
    schema = ox.Store()
    schema.load(path=str(assets.folder("ontology") / "techtransfer.ttl"))
    kinds = [quad.subject for quad in schema.quads_for_pattern(None, ox.NamedNode(RDF.type), ox.NamedNode(_CLASS))]
    found: dict[str, str] = {}
    for kind in kinds:
        if not isinstance(kind, ox.NamedNode) or not kind.value.startswith(iris.ONTOLOGY):
            continue
        for name in (SKOS.definition, RDFS.comment):
            for quad in schema.quads_for_pattern(kind, ox.NamedNode(name), None):
                if isinstance(quad.object, ox.Literal) and quad.object.language in ("en", None):
                    found.setdefault(kind.value, quad.object.value)
    return found


_CLASS = "http://www.w3.org/2002/07/owl#Class"


def entry(query: NamedQuery) -> QueryEntry:
    """A query as the catalogue has it."""
    return QueryEntry(name=query.name, gives=query.summary, parameters=[_parameter(each) for each in query.parameters])


def catalogue(named: Mapping[str, NamedQuery]) -> str:
    """All named queries as Markdown."""
    lines = [
        "# Named queries",
        "",
        "Run one with the tool run_query; values are IRIs, CURIEs, ends of IRIs or names.",
        "",
    ]
    for query in named.values():
        lines.append(f"- {query.name}: {query.summary}")
        lines += [f"  - {told}" for told in map(_parameter, query.parameters)]
    return "\n".join(lines) + "\n"


def _parameter(of: Parameter) -> str:
    default = f", default {of.default}" if of.default else ", required" if of.required else ""
    example = f", as in {of.example}" if of.example else ""
    return f"{of.name} ({of.type}{default}{example}): {of.description}"
