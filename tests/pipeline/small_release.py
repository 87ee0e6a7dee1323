"""A release small enough to be written again and again: a source's graph, one of the project, a loaded one; a shape."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from kg import iris, pipeline
from kg.pipeline import Input
from kg.pipeline.inputs import Produced
from kg.store.canonical import canonical
from kg.store.releases import DataFolder, Release

EX = "https://example.org/"
SOURCE = iris.source_graph("people")
PROJECT = iris.GRAPH_CONCEPTS
LOADED = iris.graph("load/mine")
OWN = iris.graph("own/notes")
FREE = f"{EX}graph"

SHAPES = f"""
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <{EX}> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:PersonShape a sh:NodeShape ; sh:targetClass e:Person ;
  sh:property e:PersonShape-name .
e:PersonShape-name sh:path e:name ; sh:minCount 1 ; sh:maxCount 1 ; sh:message "A person has one name." .
"""


def statements(graph: str, turtle: str) -> Input:
    """An input that fills one graph."""
    kind, _, name = graph.removeprefix(iris.GRAPH).rpartition("/")
    quads = [
        ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(graph))
        for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=EX)
    ]
    return Input(
        name=graph.removeprefix(iris.GRAPH),
        kind=kind or "project",
        title=f"the {name}",
        licence="",
        digest=turtle,
        produce=lambda: Produced(canonical(quads)),
    )


INPUTS = (
    statements(SOURCE, "<ann> a <Person> ; <name> 'Ann' . <bob> a <Person> ; <name> 'Bob' ."),
    statements(PROJECT, "<Person> <label> 'person' ."),
    statements(LOADED, "<ann> <knows> <bob> ."),
)


def shapes(folder: DataFolder) -> list[Path]:
    """The files of the shapes, beside the data."""
    path = folder.layout.root.with_name("shapes.ttl")
    path.write_text(SHAPES, "utf-8")
    return [path]


def built(place: Path) -> DataFolder:
    """A data folder below a place, with the release in it."""
    folder = DataFolder.open(place / "data", create=True)
    pipeline.build(folder, INPUTS, shapes(folder))
    return folder


def live(folder: DataFolder) -> Release:
    """The live release."""
    found = folder.current()
    assert found
    return found
