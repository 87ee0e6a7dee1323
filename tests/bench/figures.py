"""From figures to what follows from them, and to the gate's report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pyoxigraph as ox

from kg import assets, iris, pipeline
from kg.derivation import derive
from kg.sources import register
from kg.store.base import Store
from kg.store.canonical import Block, canonical
from kg.store.releases import DataFolder, Staging
from kg.validation import gate, reference
from kg.validation.report import Report
from kg.validation.shapes import Shapes

from . import data
from .harness import Cost, Line, side_by_side

GROWTH = 4
SURVEY = iris.source_graph("bench-figures")
DERIVED = ox.NamedNode(iris.GRAPH_DERIVED)


def derive_figures(folder: Path, number: int, runs: int) -> list[Line]:
    """What follows from a survey, beside reading its quads and making the derived ones; and from a larger survey."""
    with _staged(folder, number) as small, _staged(folder, GROWTH * number) as large:
        one, many = small.store, large.store
        made = list(derive(one))
        ours, limit, larger = side_by_side(
            lambda: list(derive(one)), lambda: _read_and_made(one, made), lambda: list(derive(many)), runs=runs
        )
    assert set(ours.result) == set(limit.result) == set(made)
    assert len(larger.result) > len(made)
    against = "reading the stated quads, making the derived"
    return [
        _line("derive", number, ours, limit.seconds, against),
        _line("derive from more", GROWTH * number, larger, GROWTH * ours.seconds, f"{GROWTH} times the line above"),
    ]


def check_figures(folder: Path, number: int, runs: int) -> list[Line]:
    """The gate's report on a survey with a planted fault, beside that of pySHACL alone; and on a larger survey."""
    shapes = Shapes.load(assets.turtle_files("shapes"))
    with _staged(folder, number, faults=1) as small, _staged(folder, GROWTH * number, faults=1) as large:
        one, many = _with_derived(small), _with_derived(large)
        ours, limit, larger = side_by_side(
            lambda: gate.check(one, shapes),
            lambda: _by_reference(one, shapes),
            lambda: gate.check(many, shapes),
            runs=runs,
        )
        checked, more = (_observations(store) for store in (one, many))
    assert {result.key for result in ours.result.results} == {result.key for result in limit.result.results}
    assert ours.result.counts()["Violation"] == larger.result.counts()["Violation"] == 1
    return [
        _line("gate", checked, ours, limit.seconds, "pySHACL with all shapes"),
        _line("gate on more", more, larger, more / checked * ours.seconds, "the line above, by number"),
    ]


@contextmanager
def _staged(folder: Path, number: int, *, faults: int = 0) -> Iterator[Staging]:
    """A release in the making: the project's files, the registry and a survey, nothing derived yet."""
    room = Path(mkdtemp(dir=folder))
    (survey,) = pipeline.from_sources([data.figures(room, number, faults=faults)])
    with DataFolder.open(room / "data", create=True).stage() as staging:
        for name, blocks in {**_project(), survey.name: survey.produce().blocks}.items():
            staging.replace_segment(name, blocks)
        yield staging


@cache
def _project() -> dict[str, list[Block]]:
    items = [*pipeline.bundled(), *pipeline.from_sources([register.find("registry")])]
    return {item.name: list(item.produce().blocks) for item in items}


def _with_derived(staging: Staging) -> Store:
    staging.replace_segment("derived", canonical(list(derive(staging.store))))
    return staging.store


def _read_and_made(store: Store, made: list[ox.Quad]) -> list[ox.Quad]:
    """The least that derivation has to do with Oxigraph, whatever the rules."""
    for _ in store.quads(SURVEY):
        pass
    return [
        ox.Quad(ox.NamedNode(q.subject.value), ox.NamedNode(q.predicate.value), _anew(q.object), DERIVED) for q in made
    ]


def _anew(term: ox.NamedNode | ox.Literal) -> ox.NamedNode | ox.Literal:
    if isinstance(term, ox.NamedNode):
        return ox.NamedNode(term.value)
    return (
        ox.Literal(term.value, language=term.language)
        if term.language
        else ox.Literal(term.value, datatype=term.datatype)
    )


def _by_reference(store: Store, shapes: Shapes) -> Report:
    predicates = {quad.predicate.value for quad in store.quads()}
    return reference.everything(reference.merged(store, predicates), shapes)


def _observations(store: Store) -> int:
    return sum(1 for _ in store.select(f"SELECT ?o {{ ?o a <{iris.ONTOLOGY}Observation> }}"))


def _line(what: str, number: int, ours: Cost, limit: float, against: str) -> Line:
    return Line(what, f"{number:,} observations", ours.seconds, limit, against, number, "observation")
