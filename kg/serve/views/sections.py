"""Tables on the page of a thing, by its class: which named query fills each, and what of its answer is shown.

The whole answer, in every format, is one link away: each table leads to its query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlencode

import pyoxigraph as ox

from kg.queries import NamedQuery, Table
from kg.queries.labels import Label
from kg.serve.languages import Wish, translated
from kg.serve.resources.addresses import Addresses
from kg.serve.resources.description import Description
from kg.serve.views.tables import Grid, grid, names, table
from kg.store.querying.base import Pool
from kg.vocabulary import TT

RECORDS = "resources/records-of-thing"
_NAMELESS = "the claim"
"""What a record without a label is called: its row says the rest."""


@dataclass(frozen=True)
class Section:
    """One table: its heading, the query that fills it, the parameter that takes the thing, and the columns to show."""

    key: str
    heading: str
    query: str
    parameter: str
    columns: tuple[str, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """A section with its rows, and the address of the whole answer."""

    heading: str
    grid: Grid
    href: str


def _records(key: str, heading: str, link: str) -> Section:
    columns = ("record", "class", "indicator", "transformation", "channel", "period", "value", "unit", "paragraph")
    return Section(key, heading, RECORDS, "thing", columns, {"link": link})


_CHAIN = Section("chain", "The chain", "policy/chain-of-record", "record", ("link", "thing", "status", "date"))
_ROLES = Section(
    "roles",
    "Roles in reports, policies and events",
    "institutions/roles-of-organization",
    "organization",
    ("role", "thing", "when", "document"),
)
_COLLABORATIONS = Section(
    "collaborations",
    "Collaborations",
    "institutions/collaborations-of-organization",
    "organization",
    ("collaboration", "type", "role", "period", "partner"),
)
_STATEMENTS = Section(
    "statements",
    "Who is said to have compiled and released it",
    "provenance/statements-about-editions",
    "edition",
    ("says", "who", "document"),
)
_HEADINGS = Section(
    "headings",
    "Headings of outside surveys",
    "figures/outside-headings-of-channels",
    "channel",
    ("finer", "match", "heading", "scheme"),
)
_SERIES = Section(
    "editions",
    "Time line",
    "provenance/years-of-editions",
    "series",
    ("edition", "editionYear", "firstDay", "lastDay", "lag"),
)

SECTIONS: Mapping[str, tuple[Section, ...]] = MappingProxyType(
    {
        TT.Organization: (_ROLES, _COLLABORATIONS, _records("figures", "Figures about it", TT.observedUnit)),
        TT.Population: (_records("figures", "Figures about it", TT.observedUnit),),
        TT.ReportSeries: (_SERIES,),
        TT.ReportEdition: (_STATEMENTS, _records("records", "What it is said to say", TT.attributedTo)),
        TT.Policy: (_CHAIN, _records("records", "What it says", TT.attributedTo)),
        TT.PolicyRecommendation: (_CHAIN,),
        TT.Finding: (_CHAIN,),
        TT.Shortfall: (_CHAIN,),
        TT.Document: (_records("records", "Everything it states", TT.statedIn),),
        TT.Indicator: (_records("figures", "Figures of it", TT.indicator),),
    }
)
CHANNEL = (_HEADINGS, _records("figures", "Figures by this way of transfer", TT.channel))
"""Of a concept that is a way of transfer: a scheme, no class, says so."""


async def sections(
    pool: Pool,
    queries: Mapping[str, NamedQuery],
    described: Description,
    wanted: Sequence[Section],
    *,
    wished: Wish,
    addresses: Addresses,
) -> dict[str, Shown]:
    """Those that have rows, by key; errors as of `table`."""
    answers: list[tuple[Section, dict[str, str], Table]] = []
    for section in wanted:
        query = queries[section.query]
        values = {section.parameter: described.thing.value, **section.fixed}
        if any(parameter.name == "language" for parameter in query.parameters):
            values["language"] = wished.names
        rows = _columns(await table(pool, query, values), section.columns)
        if rows.rows:
            answers.append((section, values, rows))
    named = await names(pool, [rows for *_, rows in answers], wished.names)
    return {
        section.key: Shown(
            section.heading,
            grid(rows, named | _nameless(rows, named, wished), wished.names, addresses.leads),
            f"/queries/{section.query}?{urlencode(values)}",
        )
        for section, values, rows in answers
    }


def _columns(rows: Table, wanted: Sequence[str]) -> Table:
    """Some columns of a table, without those that are empty, each row once."""
    places = [rows.columns.index(name) for name in wanted]
    filled = [place for place in places if any(row[place] is not None for row in rows.rows)]
    content = dict.fromkeys(tuple(row[place] for place in filled) for row in rows.rows)
    return Table(tuple(rows.columns[place] for place in filled), tuple(content))


def _nameless(rows: Table, named: Mapping[str, Label], wished: Wish) -> dict[str, Label]:
    """A name for records that have none."""
    if "record" not in rows.columns:
        return {}
    place, name = rows.columns.index("record"), Label(translated(_NAMELESS, wished.words))
    records = (row[place] for row in rows.rows)
    return {term.value: name for term in records if isinstance(term, ox.NamedNode) and term.value not in named}
