"""What refers to a thing by one property, a hundred at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Listed:
    """One page of the list, and where it goes on; what the template is filled with."""

    iri: str
    title: Label
    property: Label
    number: int
    subjects: tuple[Cell, ...]
    back: str
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
    rows = await table(pool, queries[QUERY], {"thing": thing, "property": property, "after": after})
    named = await names(pool, [rows], language)
    own = resource.names(described, language)
    subjects = [subject for _, subject in rows.rows]
    last = subjects[-1] if len(subjects) == _PAGE else None
    more = {"in": property, "after": last.value} if isinstance(last, ox.NamedNode) else None
    return Listed(
        iri=thing,
        title=resource.title(described, own, language),
        property=resource.property_name(property, own, words),
        number=described.incoming.get(property, 0),
        subjects=cells(subjects, named, language, addresses.leads),
        back=addresses.page(thing),
        next=addresses.page(thing, **more) if more else None,
    )
