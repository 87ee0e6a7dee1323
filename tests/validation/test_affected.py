"""After random changes, checking what is affected gives the report of checking everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, SH

from kg.store.embedded import EmbeddedStore
from kg.validation import gate, running
from kg.validation.compiler.domains import Sizes
from kg.validation.compiler.plan import Plan
from kg.validation.incremental.affected import Search, Since, recheck
from kg.validation.incremental.neighbourhood import Change
from kg.validation.incremental.reach import families
from kg.validation.model import Shape
from kg.validation.report import Report
from kg.validation.shapes import Shapes
from kg.validation.terms import from_rdflib

from . import generated_data as data
from . import generated_queries, generated_shapes
from .generated_data import EX

Quads = set[ox.Quad]

GRAPHS = [ox.NamedNode("urn:g:one"), ox.NamedNode("urn:g:two")]
TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
LITERALS = st.sampled_from([rdflib.Literal(1), rdflib.Literal(2), rdflib.Literal("a"), rdflib.Literal("a", lang="en")])
NODES = st.sampled_from([*data.NODES, EX.d, EX.e])

_triples = st.one_of(
    st.tuples(NODES, data.predicates, NODES | LITERALS),
    st.tuples(NODES, st.just(RDF.type), data.classes),
    st.tuples(data.classes, st.just(RDFS.subClassOf), data.classes),
)
_quads = st.builds(
    lambda triple, graph: ox.Quad(*map(from_rdflib, triple), graph),  # type: ignore[arg-type]
    _triples,
    st.sampled_from(GRAPHS),
)
datasets = st.sets(_quads, min_size=6, max_size=24)
edits = st.sets(_quads, max_size=2)


@st.composite
def deep_shapes(draw: st.DrawFn) -> rdflib.Graph:
    """Property shapes in property shapes on long paths, with constraints that a single triple makes or breaks."""
    draft = generated_shapes.Draft(draw)
    target = draw(st.sampled_from(TARGETS))
    draft.add(EX.S, target, draw(data.classes if target == SH.targetClass else data.predicates))
    outer = EX.S
    for place in range(draw(st.integers(1, 3))):
        node = EX[f"P{place}"]
        draft.add(outer, SH.property, node)
        draft.add(node, RDF.type, SH.PropertyShape)
        draft.add(node, SH.path, draft.path(draw(generated_shapes.paths)))
        maker, value = draw(
            st.sampled_from([(SH["class"], EX.C), (SH.hasValue, EX.a), (SH.disjoint, EX.p), (None, None)])
        )
        draft.add(node, maker or SH.maxCount, value or rdflib.Literal(1))
        outer = node
    return draft.graph


def store_of(quads: Quads) -> EmbeddedStore:
    store = EmbeddedStore.in_memory()
    store.apply(quads, ())
    return store


def named(shapes: rdflib.Graph) -> rdflib.Graph:
    """The shapes graph with IRIs for the shapes that have none, which reports then name alike."""
    blank = {*shapes.subjects(RDF.type, SH.NodeShape), *shapes.subjects(RDF.type, SH.PropertyShape)}
    names = {node: EX[f"blank/{place}"] for place, node in enumerate(sorted(map(str, blank)))}
    found = rdflib.Graph()
    for subject, predicate, value in shapes:
        ends = [names.get(str(end), end) if isinstance(end, rdflib.BNode) else end for end in (subject, value)]
        found.add((ends[0], predicate, ends[1]))
    return found


def checking(store: EmbeddedStore, graphs: Sequence[str] | None) -> Callable[[Sequence[Shape]], Report]:
    """The compiled plan of some shapes on a store."""

    def run(shapes: Sequence[Shape]) -> Report:
        plan = Plan.of(shapes, Sizes.measured(store, shapes, graphs=graphs))
        assert not plan.uncompiled
        return Report.of(running.run(store, plan, graphs=graphs))

    return run


def agree(before: Quads, after: Quads, shapes: Shapes, graphs: Sequence[str] | None = None) -> None:
    """See that incremental and full validation give the same report."""
    store = store_of(after)
    former = checking(store_of(before), graphs)(shapes.shapes)
    since = Since(former, after - before, before - after)
    found = recheck(store, shapes.shapes, since, checking(store, graphs), graphs=graphs)
    assert found == checking(store, graphs)(shapes.shapes)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(deep_shapes() | generated_shapes.graphs(), datasets, edits, st.booleans())
def test_incremental_equals_full_after_random_changes(
    drawn: rdflib.Graph, quads: Quads, added: Quads, one: bool
) -> None:
    """Each quad goes alone and comes back, each edit comes alone; then half of them go as all edits come."""
    shapes = Shapes.of(named(drawn))
    note(shapes.graph.serialize(format="turtle"))
    graphs = ["urn:g:one"] if one else None
    half = set(sorted(quads, key=str)[::2])
    smaller = [(quads, quads - {quad}) for quad in quads] + [(quads - {quad}, quads) for quad in quads]
    for before, after in [*smaller, *((quads, quads | {quad}) for quad in added), (quads, (quads - half) | added)]:
        agree(before, after, shapes, graphs)


def agree_as_gates(before: Quads, after: Quads, shapes: Shapes) -> None:
    """The same for shapes of which some may be left to pySHACL."""
    store = store_of(after)
    since = Since(gate.check(store_of(before), shapes), after - before, before - after)
    assert gate.check(store, shapes, since=since) == gate.check(store, shapes)


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(generated_queries.graphs(), datasets, edits)
def test_incremental_equals_full_for_queries_and_components(drawn: rdflib.Graph, quads: Quads, added: Quads) -> None:
    """Some quads go alone and come back, each edit comes alone; then half of them go as all edits come."""
    shapes = Shapes.of(named(drawn))
    note(shapes.graph.serialize(format="turtle"))
    some = sorted(quads, key=str)
    changes = [({quad}, set[ox.Quad]()) for quad in some[:6]] + [(set(some[::2]), added), (set(some[1::2]), added)]
    for lost, new in [*changes, *((set[ox.Quad](), {quad}) for quad in added)]:
        agree_as_gates(quads, (quads - lost) | new, shapes)
        agree_as_gates((quads - lost) | new, quads, shapes)


SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <urn:x:> .
x:Plain sh:targetSubjectsOf x:p ; sh:property x:Plain-q .
x:Plain-q sh:path ( x:p [ sh:zeroOrMorePath x:q ] ) ; sh:maxCount 1 .
x:Classed sh:targetClass x:C ; sh:property x:Classed-q .
x:Classed-q sh:path x:q ; sh:minCount 1 .
x:Nested sh:targetSubjectsOf x:r ; sh:property x:Nested-r .
x:Nested-r sh:path x:r ; sh:property x:Nested-r-q .
x:Nested-r-q sh:path x:q ; sh:class x:D .
x:Pair sh:targetObjectsOf x:t ; sh:property x:Pair-q .
x:Pair-q sh:path x:q ; sh:equals x:u .
x:Closed sh:targetNode x:e ; sh:closed true ; sh:ignoredProperties ( x:q ) .
"""
STANDING = (
    "x:a x:p x:b . x:b x:q x:c . x:c x:q x:b . x:d a x:E . x:E rdfs:subClassOf x:F . x:a x:r x:d . x:b x:r x:d . "
)
STANDING += "x:d a x:G . x:G rdfs:subClassOf x:C . x:a x:t x:b ."
CASES = {
    "a step of a repeating path": ("x:c x:q x:d", "", {"Plain": "a", "Nested": ""}),
    "no step of theirs": ("x:a x:other x:d", "", {"Plain": "", "Classed": "", "Nested": ""}),
    "a subclass": ("x:F rdfs:subClassOf x:C", "", {"Classed": "d", "Plain": ""}),
    "a class beside": ("x:b a x:E", "", {"Classed": "", "Nested": "", "Plain": ""}),
    "an instance": ("x:b a x:C", "", {"Classed": "b"}),
    "no more a target": ("", "x:a x:p x:b", {"Plain": "a", "Classed": ""}),
    "the other way to a value": ("", "x:a x:r x:d", {"Nested": "a b"}),
    "the class of a value's value": ("x:b a x:D", "", {"Nested": ""}),
    "instance and hierarchy at once": ("", "x:d a x:G . x:G rdfs:subClassOf x:C", {"Classed": "d"}),
    "the other property of a pair": ("x:b x:u x:d", "", {"Pair": "b"}),
    "a property of a closed one": ("x:e x:u x:d", "", {"Closed": "e d", "Classed": ""}),
    "a value's value": ("x:d x:q x:b", "", {"Nested": "a b", "Classed": "d"}),
}


def turtle(text: str, graph: ox.NamedNode = GRAPHS[0]) -> Quads:
    prefixes = f"@prefix x: <urn:x:> . @prefix rdfs: <{RDFS}> . "
    triples = ox.parse(f"{prefixes}{text or ''} .".replace(". .", "."), format=ox.RdfFormat.TURTLE) if text else ()
    return {ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples}


@pytest.mark.parametrize(("added", "removed", "expected"), CASES.values(), ids=CASES)
def test_only_what_a_change_can_affect_is_affected(added: str, removed: str, expected: dict[str, str]) -> None:
    shapes = Shapes.of(rdflib.Graph().parse(data=SHAPES, format="turtle"))
    before = turtle(STANDING)
    after = (before - turtle(removed)) | turtle(added)
    search = Search(store_of(after), Change.of(store_of(after), after - before, before - after))
    found = {
        family[0].shape.name.removeprefix("urn:x:"): search.affected(family).focus for family in families(shapes.shapes)
    }
    for name, nodes in expected.items():
        assert found[name] == {ox.NamedNode(f"urn:x:{node}") for node in nodes.split()}, name
    agree(before, after, shapes)


def test_a_triple_that_stands_in_another_graph_has_not_changed() -> None:
    one, two = turtle("x:a x:p x:b"), turtle("x:a x:p x:b", GRAPHS[1])
    assert not list(Change.of(store_of(one), one, two).triples), "moved"
    assert not list(Change.of(store_of(one | two), two, ()).triples), "there before"
    assert not list(Change.of(store_of(one), (), two).triples), "still there"
    assert not list(Change.of(store_of(set()), one, one).triples), "came and went"
    assert list(Change.of(store_of(one | two), one | two, ()).triples), "new in both"
    assert list(Change.of(store_of(one), one, two, graphs=["urn:g:one"]).triples), "moved into sight"


@pytest.mark.parametrize(
    "change", ["x:c x:q x:d", "_:n x:p x:c", "_:n x:q x:c"], ids=["too many", "blank", "blank on the way"]
)
def test_too_many_nodes_and_nodes_without_a_name_mean_all(change: str) -> None:
    shapes = Shapes.of(rdflib.Graph().parse(data=SHAPES, format="turtle"))
    before = turtle(STANDING + " x:b x:p x:c . x:c x:p x:c .")
    after = before | turtle(change)
    limit = 2 if change.startswith("x:") else 100
    search = Search(store_of(after), Change.of(store_of(after), after - before, ()), limit=limit)
    (plain,) = (family for family in families(shapes.shapes) if family[0].shape.name == "urn:x:Plain")
    assert search.affected(plain).focus is None
    if limit == 2:
        agree(before, after, shapes)


def test_shapes_that_share_a_property_shape_are_checked_together() -> None:
    shared = SHAPES + "x:Plain sh:property x:Classed-q ."
    shapes = Shapes.of(rdflib.Graph().parse(data=shared, format="turtle"))
    assert sorted(len(family) for family in families(shapes.shapes)) == [1, 1, 1, 2]
    before = turtle(STANDING + " x:a a x:C .")
    agree(before, before | turtle("x:a x:q x:b"), shapes)
    agree(before, before - turtle("x:a a x:C"), shapes)


def test_results_at_nodes_that_only_removed_triples_led_to_are_given_up() -> None:
    shapes = Shapes.of(rdflib.Graph().parse(data=SHAPES, format="turtle"))
    before = turtle("x:a x:r x:d . x:d x:q x:b .")
    former = checking(store_of(before), None)(shapes.shapes)
    assert "urn:x:Nested-r-q" in {result.shape for result in former.results}
    agree(before, before - turtle("x:a x:r x:d"), shapes)


RING = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <urn:x:> .
x:Ring sh:targetSubjectsOf x:p ; sh:sparql x:Ring-round .
x:Ring-round sh:select "SELECT $this { $this <urn:x:p> ?x . ?x <urn:x:e> ?y . ?z <urn:x:f> ?y . $this <urn:x:q> ?z }" .
"""


def test_a_focus_node_is_found_by_triples_that_are_gone_where_the_short_ways_lead_too_far() -> None:
    """A ring loses two triples at once, and too many nodes come to both of them by the triples that stay."""
    shapes = Shapes.of(rdflib.Graph().parse(data=RING, format="turtle"))
    lost = turtle("x:x x:e x:y . x:z x:f x:y . x:z2 x:f x:y2")
    crowd = "".join(f"x:n{n} x:p x:x ; x:q x:z2 . " for n in range(12))
    before = lost | turtle(f"{crowd} x:a x:p x:x ; x:q x:z")
    store, after = store_of(before - lost), before - lost
    former = checking(store_of(before), None)(shapes.shapes)
    assert len(former.results) == 1
    found = recheck(store, shapes.shapes, Since(former, (), before - after), checking(store, None), limit=1)
    assert found == checking(store, None)(shapes.shapes)


def test_results_of_other_shapes_are_not_kept() -> None:
    shapes = Shapes.of(rdflib.Graph().parse(data=SHAPES, format="turtle"))
    store = store_of(turtle(STANDING))
    former = gate.count_rows("rows.csv", expected=2, found=3)
    assert gate.check(store, shapes, since=Since(former, (), ())) == Report()
