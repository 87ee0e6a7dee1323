"""What refers to a thing by one property, a hundred at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import pyoxigraph as ox

from kg.queries import NamedQuery
from kg.queries.labels import Label
from kg.serve.languages import Wish
from kg.serve.resources.addresses import Addresses
from kg.serve.resources.description import Description
from kg.serve.views import resource
from kg.serve.views.tables import Cell, cells, names, table
from kg.store.querying.base import Pool

QUERY = "resources/links-to-thing"
_PAGE = 100
"""As many as the query gives."""
_SORTED = 50_000
"""More links than that are not sorted, so there is one page of them, and all as a stream."""


@dataclass(frozen=True)
class Listed:
    """One page of the list, and where it goes on or all of it is; what the template is filled with."""

    iri: str
    title: Label
    property: Label
    number: int
    subjects: tuple[Cell, ...]
    back: str
    all: str | None
    next: str | None


async def listed(
    pool: Pool,
    queries: Mapping[str, NamedQuery],
    described: Description,
    wished: Wish,
    addresses: Addresses,
    *,
    property: str,
    after: str,
) -> Listed:
    """The hundred that come after one; errors as of `table`."""
    thing, language, words = described.thing.value, wished.names, wished.words
    number = described.incoming.get(property, 0)
    few = number <= _SORTED
    asked = {"thing": thing, "property": property, "after": after, "sorted": "true" if few else "false"}
    rows = await table(pool, queries[QUERY], asked)
    named = await names(pool, [rows], language)
    own = resource.names(described, language)
    subjects = [subject for _, subject in rows.rows]
    last = subjects[-1] if few and len(subjects) == _PAGE else None
    everything = f"SELECT ?subject {{ ?subject {ox.NamedNode(property)} {described.thing} }}"
    more = {"in": property, "after": last.value} if isinstance(last, ox.NamedNode) else None
    return Listed(
        iri=thing,
        title=resource.title(described, own, language),
        property=resource.property_name(property, own, words),
        number=number,
        subjects=cells(subjects, named, language, addresses.leads),
        back=addresses.page(thing),
        all=None if few else f"/sparql?{urlencode({'query': everything, 'format': 'csv'})}",
        next=addresses.page(thing, **more) if more else None,
    )
