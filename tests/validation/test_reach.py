"""What shapes look at: lookups of paths and queries, and that no focus node whose answer changes is missed."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from kg import assets
from kg.store.embedded import EmbeddedStore
from kg.validation.incremental.affected import Search
from kg.validation.incremental.lookups import HERE, Lookup, Way, along, inverse
from kg.validation.incremental.neighbourhood import Change
from kg.validation.incremental.patterns import lookups
from kg.validation.incremental.reach import Unit, families, units
from kg.validation.model import Constraint, Query, Shape, Target
from kg.validation.paths import Path
from kg.validation.shapes import Shapes

P, Q = Path.predicate("urn:e:p"), Path.predicate("urn:e:q")
START = {"this": (HERE,)}


def shown(found: tuple[Lookup, ...] | list[Lookup] | None) -> set[str]:
    """Lookups as ``predicate: ways``, each way an end of the triple and the path that leads there."""
    assert found is not None
    return {
        f"{(one.predicate or '*').removeprefix('urn:e:')}: {' or '.join(map(_way, one.ways))}".strip() for one in found
    }


def _way(way: Way) -> str:
    path = str(way.path) if way.path != HERE else ""
    return f"{way.end} {path}".replace("urn:e:", "").strip()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (P, {"p: subject"}),
        (inverse(P), {"p: object"}),
        (Path("sequence", parts=(P, Q)), {"p: subject", "q: subject p"}),
        (Path("inversePath", parts=(Path("sequence", parts=(P, Q)),)), {"q: object", "p: object ^q"}),
        (Path("alternativePath", parts=(P, inverse(Q))), {"p: subject", "q: object"}),
        (Path("sequence", parts=(Path("zeroOrMorePath", parts=(P,)), Q)), {"p: subject p*", "q: subject p*"}),
        (Path("sequence", parts=(Path("zeroOrOnePath", parts=(P,)), Q)), {"p: subject", "q: subject p?"}),
    ],
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
def test_a_path_looks_at_each_of_its_steps_from_the_ones_before(path: Path, expected: set[str]) -> None:
    assert shown(list(along(path, (HERE,)))) == expected


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("$this e:p ?a . ?a e:q ?b", {"p: subject or object p", "q: subject p or object p/q"}),
        ("?a e:p $this OPTIONAL { ?a e:q ?b }", {"p: subject ^p or object", "q: subject ^p or object (^p)/q"}),
        ("{ $this e:p ?a } UNION { ?a e:q 1 }", {"p: subject or object p", "q:"}),
        ("OPTIONAL { $this e:p ?a } ?a e:q 1", {"p: subject or object p", "q:"}),
        ("$this e:p ?a OPTIONAL { ?b e:r 1 OPTIONAL { ?a e:q ?b } }", {"p: subject or object p", "r:", "q:"}),
        ("$this e:p ?a FILTER NOT EXISTS { ?a e:q 1 FILTER(?a > 3) }", {"p: subject or object p", "q: subject p"}),
        ("$this e:p ?a BIND(EXISTS { ?a e:q 1 } AS ?b)", {"p: subject or object p", "q: subject p"}),
        ("$this e:p ?a BIND(STR(?a) AS ?b) ?c e:q ?b", {"p: subject or object p", "q:"}),
        ("$this e:p ?a { SELECT ?a { ?a e:q ?b } }", {"p: subject or object p", "q:"}),
        ("{ SELECT $this (COUNT(?b) AS ?n) { $this e:q ?b } GROUP BY $this }", {"q: subject or object q"}),
        ("$this ?a ?b", {"*: subject or object"}),
        ("$this !(e:p|^e:q) ?b", {"*: subject or object |(^)", "*: subject |(^) or object"}),
        ("?a e:p* ?b", {"p:", "*:"}),
        ("?a a e:C", {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type:"}),
    ],
)
def test_a_query_is_reached_by_chains_of_patterns(group: str, expected: set[str]) -> None:
    assert shown(lookups(f"PREFIX e: <urn:e:> SELECT $this {{ {group} }}", START)) == expected


@pytest.mark.parametrize("group", ["GRAPH ?g { $this e:p ?a }", "$this e:p ?a . SERVICE e:s { ?a e:q 1 }"])
def test_what_more_than_triples_decides_is_not_said(group: str) -> None:
    assert lookups(f"PREFIX e: <urn:e:> SELECT $this {{ {group} }}", START) is None


# Random groups, as SPARQL with $this or with an IRI in its place: the answer that one focus node gets.

VARIABLES = st.sampled_from(["$this", "$this", "?a", "?b", "?c"])
PREDICATES = st.sampled_from(["<urn:e:p>", "<urn:e:q>", "<urn:e:r>"])
NAMES = [ox.NamedNode(f"urn:e:{name}") for name in "uvwxyz"]
NODES = st.sampled_from(NAMES)
KNOWN, GRAPH = ox.NamedNode("urn:e:known"), ox.NamedNode("urn:e:graph")
STANDING = {ox.Quad(name, KNOWN, name, GRAPH) for name in NAMES}
"""In Oxigraph a path of no step leads only to nodes that stand in some triple: so all do."""

ENDS = VARIABLES | VARIABLES | NODES.map(str)
STEPS = PREDICATES | st.builds(
    lambda form, one, other: form.format(one, other),
    st.sampled_from(["{}/{}", "{}|{}", "^{}", "{}*", "({}/{})*", "^({}/^{})", "{}+/{}", "{}?"]),
    PREDICATES,
    PREDICATES,
)
FILTERS = st.sampled_from(["FILTER(?a != ?b)", "FILTER(!BOUND(?c))", "FILTER($this = ?b)", ""])
_triples = st.builds("{} {} {} .".format, ENDS, STEPS, ENDS)


def _nested(groups: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    forms = [
        "{{ {} }} UNION {{ {} }}",
        "{} OPTIONAL {{ {} }}",
        "{} FILTER NOT EXISTS {{ {} }}",
        "{} FILTER EXISTS {{ {} }}",
        "{{ {} }} {}",
        "{} {{ {} }}",
        "{} OPTIONAL {{ {} }} FILTER(BOUND(?b) || EXISTS {{ ?a <urn:e:p> ?c }})",
        "{} {{ SELECT ?a (COUNT(?b) AS ?n) {{ {} }} GROUP BY ?a }}",
        "{} {{ SELECT DISTINCT ?a {{ {} }} }}",
    ]
    return st.builds(lambda form, one, other: form.format(one, other), st.sampled_from(forms), groups, groups)


groups = st.recursive(st.builds("{} {} {}".format, _triples, _triples | st.just(""), FILTERS), _nested, max_leaves=4)
_quads = st.builds(
    lambda subject, predicate, value: ox.Quad(subject, ox.NamedNode(predicate[1:-1]), value, GRAPH),
    NODES,
    PREDICATES,
    NODES,
)


@dataclass(frozen=True)
class Asked:
    """A query, and what it answers for a node."""

    group: str

    def answer(self, store: EmbeddedStore, node: ox.NamedNode) -> list[str]:
        group = self.group.replace("$this", str(node))
        return sorted(str(sorted(row.items())) for row in store.select(f"SELECT * {{ {group} }}"))

    @property
    def unit(self) -> Unit:
        query = Query(ox.NamedNode("urn:e:query"), "select", f"SELECT $this {{ {self.group} }}")
        constraint = Constraint("urn:e:component", "sparql", query=query)
        (unit,) = units(
            Shape(
                ox.NamedNode("urn:e:shape"),
                targets=(Target("targetSubjectsOf", KNOWN),),
                constraints=(constraint,),
            )
        )
        return unit


@settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
@given(groups, st.sets(_quads, min_size=4, max_size=14), st.sets(_quads, max_size=2), st.sets(_quads, max_size=2))
def test_no_focus_node_whose_answer_changes_is_missed(
    group: str, kept: set[ox.Quad], added: set[ox.Quad], removed: set[ox.Quad]
) -> None:
    asked = Asked(group)
    before, after = kept | removed | STANDING, (kept - removed) | added | STANDING
    old, new = EmbeddedStore.in_memory(), EmbeddedStore.in_memory()
    old.apply(before, ())
    new.apply(after, ())
    change = Change.of(new, after - before, before - after)
    focus = Search(new, change).affected([asked.unit]).focus
    for node in NAMES:
        if focus is not None and node not in focus:
            note(f"{node} before {sorted(map(str, before))} after {sorted(map(str, after))}")
            assert asked.answer(old, node) == asked.answer(new, node)


def test_our_shapes_know_what_they_look_at() -> None:
    for family in families(Shapes.load(assets.turtle_files("shapes")).shapes):
        assert len(family) == 1 or len({unit.shape.node for unit in family}) > 1
        assert all(unit.lookups for unit in family)
