"""Two names of one organization are one node: a register's own name leads to the one that is preferred.

Matching never merges in the graph. An organization of a register has at most one accepted skos:exactMatch to one of our
own IRIs, a curated one or that of ROR, without chains (the shapes see to it), and a network follows that one step. What
is only close (skos:closeMatch) is never followed.
"""

from __future__ import annotations

import polars as pl

from kg import iris
from kg.store.base import Store, text_of
from kg.vocabulary import SKOS

ENDS = ("actor", "one", "other")
"""Columns that may hold an organization."""

_ORGANIZATIONS = iris.identifier("org/")
_QUERY = f"""SELECT ?name (MIN(STR(?it)) AS ?preferred) WHERE {{
  ?name <{SKOS.exactMatch}> ?it
  FILTER(STRSTARTS(STR(?it), "{_ORGANIZATIONS}") && STRSTARTS(STR(?name), "{_ORGANIZATIONS}"))
}} GROUP BY ?name"""


def followed(rows: pl.DataFrame, store: Store) -> pl.DataFrame:
    """Rows of a network with each organization under its preferred name; records that are the same then stand once.

    Edges that name no record stay apart, and are summed like any two of one pair.

    Cost: one query over the matches; nothing more where there are none.
    """
    known = {text_of(row["name"]): text_of(row["preferred"]) for row in store.select(_QUERY)}
    ends = [name for name in ENDS if name in rows.columns]
    if not known or not ends:
        return rows
    renamed = rows.with_columns(pl.col(ends).replace(known))
    return renamed.unique() if {"event", "record"} & set(rows.columns) else renamed
