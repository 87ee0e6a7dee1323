"""Which page a thing has: the template of its class and what that shows before the statements; else the generic one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox

from kg import iris
from kg.queries import NamedQuery
from kg.serve.languages import Wish
from kg.serve.resources.addresses import Addresses
from kg.serve.resources.description import Description
from kg.serve.views import figure, resource
from kg.serve.views.sections import CHANNEL, SECTIONS, Section, sections
from kg.store.querying.base import Pool
from kg.vocabulary import SKOS, TT

GENERIC = "resource.html"
TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        TT.StatisticalCell: "things/figure.html",
        TT.Observation: "things/figure.html",
        TT.Organization: "things/organization.html",
        TT.ReportEdition: "things/edition.html",
        TT.ReportSeries: "things/series.html",
        TT.Policy: "things/chain.html",
        TT.PolicyRecommendation: "things/chain.html",
        TT.Finding: "things/chain.html",
        TT.Shortfall: "things/chain.html",
        TT.Document: "things/document.html",
        TT.Population: "things/document.html",
        TT.Indicator: "things/document.html",
    }
)
"""By class. A way of transfer is a concept like any other, told by its scheme."""
_CHANNELS = ox.NamedNode(iris.concept("channel"))


async def page(
    pool: Pool, queries: Mapping[str, NamedQuery], described: Description, wished: Wish, addresses: Addresses
) -> tuple[str, dict[str, Any]]:
    """The name of the template, and what it is filled with; errors as of `Pool.answer`."""
    content = resource.content(described, wished, addresses)
    template, wanted = _kind(described)
    if template == TEMPLATES[TT.Observation]:
        record = described.thing.value
        cell = record if TT.StatisticalCell in described.types else _cell(described)
        more = (
            await figure.content(pool, queries, cell, wished, addresses, record="" if cell == record else record)
            if cell
            else {}
        )
        return (template, content | more) if more else (GENERIC, content)
    shown = await sections(pool, queries, described, wanted, wished=wished, addresses=addresses)
    return template, content | {"sections": shown}


def _kind(described: Description) -> tuple[str, Sequence[Section]]:
    for kind in described.types:
        if kind in TEMPLATES:
            return TEMPLATES[kind], SECTIONS.get(kind, ())
    if _CHANNELS in described.values(f"{SKOS.namespace}inScheme"):
        return "things/channel.html", CHANNEL
    return GENERIC, ()


def _cell(described: Description) -> str:
    cells = (value.value for value in described.values(TT.cell) if isinstance(value, ox.NamedNode))
    return next(cells, "")
