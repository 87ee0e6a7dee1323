"""Small releases made of quads, for tests of what is exported of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.store.canonical import canonical
from kg.store.releases import DataFolder, Release

EX = "https://w3id.org/techtransfer/id/"


def published(folder: DataFolder, segments: dict[str, Iterable[ox.Quad]]) -> Release:
    """The release that holds these segments and nothing else."""
    with folder.stage() as staging:
        for name in [name for name in staging.segments if name not in segments]:
            staging.drop_segment(name)
        for name, quads in segments.items():
            staging.replace_segment(name, canonical(quads))
        return staging.publish(tool="test")


def quads(graph: str, turtle: str) -> list[ox.Quad]:
    """Statements in Turtle as those of a graph; prefixes are ready."""
    prefixes = (
        f"@prefix e: <{EX}> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
        " @prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
        " @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ."
    )
    name = ox.NamedNode(f"{EX}{graph}")
    return [ox.Quad(*quad.triple, name) for quad in ox.parse(prefixes + turtle, format=ox.RdfFormat.TURTLE)]


def folder(place: Path) -> DataFolder:
    """An empty data folder below a place."""
    return DataFolder.open(place / "data", create=True)
