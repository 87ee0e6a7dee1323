"""What a build tells: what changed, what the gate said, what the release holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kg import assets, iris, queries
from kg.store.base import Store, text_of
from kg.store.releases import Release
from kg.store.staging import Change
from kg.validation.report import Report
from kg.vocabulary import RDFS, TT


@dataclass(frozen=True)
class Outcome:
    """The result of a build.

    Attributes
    ----------
    release
        The release that is live now; None after a dry run into an empty folder.
    published
        Whether this build made it; False if nothing changed or nothing was to be published.
    changes
        By segment, what was added and removed; segments that stayed as they were are left out.
    counts
        ``documents``, ``observations``, ``conflicts`` and the like, and ``quads``.
    rows
        Of all tables behind the release.
    refused
        How many rows of which tables were left out of each segment, if that was asked for; else the outcome would be an
        error. ``refused_in`` is the folder that they were written to; None after a dry run.
    """

    release: Release | None
    published: bool
    report: Report
    changes: Mapping[str, Change] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    rows: int = 0
    refused: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    refused_in: Path | None = None


_CLASSES = {
    "documents": TT.Document,
    "organizations": TT.Organization,
    "observations": TT.Observation,
    "cells": TT.StatisticalCell,
    "findings": TT.Finding,
    "recommendations": TT.PolicyRecommendation,
    "policies": TT.Policy,
}
_COUNT = """SELECT (COUNT(DISTINCT ?thing) AS ?number) WHERE {{
  ?class <{subclass}>* <{top}> . ?thing a ?class
}}"""


def count(store: Store) -> dict[str, int]:
    """What a release holds, for people: things by main class, and conflicts that nobody has judged."""
    counts = {name: _number(store, iri) for name, iri in _CLASSES.items()}
    pairs = _conflicts().run(store)
    assessed = pairs.columns.index("assessed")
    counts["conflicts"] = sum(text_of(row[assessed]) == "false" for row in pairs.rows)
    return counts


@cache
def _conflicts() -> queries.NamedQuery:
    """Read once: a process that writes counts after every write."""
    return queries.load(assets.folder("queries"))["checks/claims-in-conflict"]


def _number(store: Store, top: str) -> int:
    (row,) = store.select(_COUNT.format(subclass=RDFS.subClassOf, top=top))
    return int(text_of(row["number"]))


def documents(store: Store, graphs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The documents that each of the graphs describes, by graph."""
    wanted = set(graphs)
    found: dict[str, list[str]] = {}
    for row in store.select(f"SELECT ?g ?d WHERE {{ GRAPH ?g {{ ?d a <{TT.Document}> }} }} ORDER BY ?g ?d"):
        graph, document = (text_of(row[name]) for name in ("g", "d"))
        if graph in wanted and document.startswith(iris.ID):
            found.setdefault(graph, []).append(document)
    return {graph: tuple(paths) for graph, paths in found.items()}
