"""Pre-binding for all focus nodes at once finds what the standard's own definition finds for each; what it refuses."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from rdflib.term import BNode, Node

from kg.errors import ConfigError
from kg.validation.compiler import sparql
from kg.validation.compiler.domains import Domain, Sizes
from kg.validation.model import Constraint, Shape
from kg.validation.terms import to_rdflib

from .at_once import AT_ONCE
from .prebound import Solution, solutions
from .queries import FOCUS, E, constrained, example, example_store, shapes

QUERIES = [
    "SELECT $this ?value WHERE { $this e:p ?value }",
    "SELECT * WHERE { $this e:p ?value OPTIONAL { ?value e:q ?other } }",
    "SELECT $this { FILTER(isIRI($this)) }",
    "SELECT $this { FILTER bound($this) { FILTER(isIRI($this)) } }",
    "SELECT $this { {} UNION { $this e:q ?value } }",
    "SELECT $this ?value { { FILTER($this = e:a) } UNION { $this e:q ?value } UNION { ?value e:q $this } }",
    "SELECT $this ?value { { { FILTER(1 = 2) } UNION { { FILTER($this = e:a) } } } ?value e:p 3 }",
    "SELECT $this ?value { OPTIONAL { ?value e:p 3 FILTER($this != ?value) } }",
    "SELECT $this ?value { { OPTIONAL { ?value e:p 3 FILTER($this != ?value) } } FILTER(!bound(?value)) }",
    "SELECT $this ?value { ?value e:p 3 OPTIONAL { { ?x e:q ?value FILTER(?x = $this) } } FILTER(!bound(?x)) }",
    "SELECT $this ?value { ?value e:p 3 OPTIONAL { { ?x e:q ?value } FILTER(?x = $this) } FILTER(!bound(?x)) }",
    "SELECT $this ?value { BIND($this AS ?value) }",
    "SELECT $this ?value { { BIND($this AS ?value) } UNION { ?value e:p 3 BIND(STR($this) AS ?x) FILTER(?x = 'x') } }",
    "SELECT $this ?value { { BIND(IF(bound($this), 1, 2) AS ?value) $this e:p ?any } }",
    "SELECT $this { FILTER NOT EXISTS { $this e:p ?any } }",
    "SELECT $this ?value { $this e:q ?value FILTER NOT EXISTS { ?value e:q ?any } FILTER NOT EXISTS { ?value e:p 3 } }",
    "SELECT $this ?value { $this e:q ?x OPTIONAL { ?x e:p ?value } FILTER NOT EXISTS { ?y e:p ?value } }",
    "SELECT $this { $this e:q ?x FILTER NOT EXISTS { ?y e:none ?z } }",
    "SELECT $this { { $this e:q ?x } UNION { $this e:r ?x FILTER NOT EXISTS { ?x e:q $this } } }",
    "SELECT $this ?x { ?y e:q $this OPTIONAL { ?y e:p ?x FILTER NOT EXISTS { $this e:p ?x } } }",
    "SELECT $this { FILTER NOT EXISTS { FILTER($this = e:a) } }",
    "SELECT $this { FILTER EXISTS { { FILTER($this = e:a) } UNION { ?other e:q $this } } }",
    "SELECT $this { FILTER EXISTS { ?other e:q ?end FILTER NOT EXISTS { ?end e:q $this FILTER(?other != $this) } } }",
    "SELECT $this { FILTER EXISTS { SELECT $this (COUNT(?x) AS ?n) { $this e:p ?x } GROUP BY $this HAVING(?n > 1) } }",
    "SELECT $this ?value { $this e:q ?value FILTER(EXISTS { ?value e:p ?any } || $this = e:c) }",
    "SELECT $this ?n { { SELECT $this (COUNT(?any) AS ?n) { $this e:p ?any } GROUP BY $this } }",
    "SELECT $this ?n { { SELECT $this (COUNT(?any) AS ?n) { ?any e:p 2 } GROUP BY $this } }",
    "SELECT $this ?n { { SELECT $this (COUNT(?x) AS ?n) { OPTIONAL { $this e:p ?x } } GROUP BY $this } FILTER(?n<2) }",
    "SELECT $this (COUNT(?any) AS ?n) { $this e:p ?any } GROUP BY $this HAVING(COUNT(?any) > 1) ORDER BY ?n",
    "SELECT $this ?value { { SELECT DISTINCT $this ?value { ?value e:p ?any FILTER(isIRI($this)) } } }",
    "SELECT $this ?value { { SELECT * { $this e:q ?value } } }",
    "SELECT $this { SELECT $this { FILTER($this != e:b) } }",
    "SELECT DISTINCT $this ?value { $this (e:q|^e:q)/e:p+ ?value }",
    "SELECT $this ?value { $this ^e:q ?value . ?value e:p [] ; e:q ?x , ?y . FILTER(?x = ?y) }",
    "SELECT $this (STR(?any) AS ?value) ?path { $this ?path ?any FILTER(?path IN (e:p, e:r)) }",
    'SELECT $this ?value { $this e:p ?value . # a comment with } and {\n FILTER(STR(?value) != "} # {") }',
    "PREFIX other: <urn:e:> SELECT $this { $this other:p 1 }",
    "SELECT $this { $currentShape e:of $this }",
    *(f"SELECT $this ?value {{ {pattern} }}" for pattern in AT_ONCE),
    "SELECT $this { FILTER(bound($currentShape) && $currentShape = e:shape && isIRI($this)) }",
]
BY_HAND = {  # rdflib loses the filters of these on the way to its algebra, or finds no named graph
    "SELECT $this { { FILTER(false) } UNION { FILTER(sameTerm($this, e:b)) } }": ["b"],
    "SELECT $this { FILTER EXISTS { ?x e:p 3 OPTIONAL { ?x e:q ?end { FILTER($this = e:c) } } FILTER bound(?end) } }": [
        "c"
    ],
    "SELECT $this { FILTER EXISTS { SELECT $this { ?x e:q ?end FILTER(?end = $this) } } FILTER isIRI($this) }": list(
        "abc"
    ),
    "SELECT $this { GRAPH ?g { $this e:p ?value FILTER($this != e:b && ?value = 1) } }": ["a"],
}
FORBIDDEN = {
    "SELECT $this { SERVICE <urn:e:x> { $this e:n 1 } }": "SERVICE is not allowed",
    "SELECT $this { VALUES $this { e:a } }": "VALUES is not allowed",
    "SELECT $this { $this e:n 1 } VALUES ?x { 1 }": "VALUES is not allowed",
    "SELECT $this { $this e:n 1 minus { $this e:n 2 } }": "MINUS is not allowed",
    "SELECT $this FROM e:other { $this e:n 1 }": "FROM is not allowed",
    "BASE <urn:e:> SELECT $this { $this e:n 1 }": "BASE is not supported",
    "SELECT $this { $this e:n }": "the SELECT is not SPARQL",
    "SELECT $this { $this f:n 1 }": "the SELECT is not SPARQL: the prefix f: is declared neither in it",
    "SELECT $this { $this e:n 1 FILTER($this != :a) }": "the SELECT is not SPARQL: the prefix : is declared neither",
    "ASK { $this e:n 1 }": "expected a query of the form SELECT, not ASK",
    "CONSTRUCT { $this e:n 1 } WHERE { $this e:n 1 }": "expected a query of the form SELECT, not CONSTRUCT",
    "SELECT ?value { $this e:n ?value }": "does not project \\$this",
    "SELECT (COUNT(*) AS ?n) { $this e:n ?value }": "does not project \\$this",
    "SELECT $this { { SELECT ?x { ?x e:n ?y } } }": "a sub-select does not project \\$this",
    "SELECT $this { { SELECT * { FILTER($this = e:a) } } }": "a sub-select does not project \\$this",
    "SELECT $this { FILTER EXISTS { SELECT ?x { ?x e:n $this } } }": "a sub-select does not project \\$this",
    "SELECT $this { BIND(1 AS $this) }": "AS \\$this is not allowed",
    "SELECT (?x AS ?this) { ?x e:n 1 }": "AS \\?this is not allowed",
    "SELECT $this { $this e:n 1 BIND(1 AS ?currentShape) }": "AS \\?currentShape is not allowed",
    "SELECT $this { $this $PATH 1 }": "\\$PATH needs a property shape",
    "SELECT $this { GRAPH ?g { ?x e:n ?y FILTER(?x = $this) } }": "inside GRAPH, \\$this must stand",
    "SELECT $this { GRAPH $shapesGraph { $this e:n ?y } }": "depends on \\$this",
    "SELECT $this { ?z e:n 1 FILTER EXISTS { GRAPH $shapesGraph { ?x e:n ?y FILTER(?y = ?z) } } }": "depends on \\$z",
    "SELECT $this { GRAPH $shapesGraph { SELECT $this { $this e:n ?y } } }": "inside GRAPH, \\$this must stand",
    "SELECT $this { GRAPH $shapesGraph { e: sh:declare ?blank } $this e:n ?blank }".replace(
        "sh:declare", "<http://www.w3.org/ns/shacl#declare>"
    ): "answers with blank nodes",
}


def rows(shape: Shape, constraint: Constraint, *, many: bool = False) -> set[Solution]:
    """The violations, over all focus nodes at once."""
    assert not sparql.uncompiled(shape, constraint)
    domain = Domain.of(shape.targets, Sizes()).at("?this")
    found = example_store().select(sparql.violations(shape, constraint, domain, many=many).select)
    return {_solution({name: to_rdflib(term) for name, term in row.items()}) for row in found}


def one_by_one(query: str, **values: Node) -> set[Solution]:
    """The solutions for one focus node after the other; what rdflib makes of an empty GROUP BY has no node."""
    nodes = [*FOCUS, *(node for node in example().subjects() if isinstance(node, BNode))]
    found = (solutions(example(), f"PREFIX e: <urn:e:> {query}", {**values, "this": node}) for node in nodes)
    answers = (dict(solution) for several in found for solution in several)
    return {
        _solution({name: answer[name] for name in answer.keys() - values.keys()})
        for answer in answers
        if "this" in answer
    }


def _solution(row: Mapping[str, Node]) -> Solution:
    return frozenset((name, term.n3()) for name, term in row.items())


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("query", QUERIES)
def test_joining_finds_what_pre_binding_finds(query: str, many: bool) -> None:
    assert rows(*constrained(query), many=many) == one_by_one(query, currentShape=E.shape)


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(("query", "expected"), BY_HAND.items())
def test_joining_finds_what_is_known(query: str, expected: list[str], many: bool) -> None:
    assert rows(*constrained(query), many=many) == {_solution({"this": E[name]}) for name in expected}


@pytest.mark.parametrize(
    ("pattern", "apart"),
    [
        ("FILTER NOT EXISTS { $this e:p ?any }", True),
        ("$this e:q ?x FILTER NOT EXISTS { ?x e:p ?any . }", True),
        ("FILTER NOT EXISTS { ?other e:p ?any }", False),
        ("FILTER NOT EXISTS { $this e:p* ?any }", False),
        ("FILTER NOT EXISTS { $this e:p ?any FILTER(?any != $this) }", True),
        ("OPTIONAL { $this e:q ?x } FILTER NOT EXISTS { ?x e:p ?any }", False),
        ("OPTIONAL { $this e:q ?x FILTER NOT EXISTS { $this e:p ?x } }", False),
    ],
)
def test_of_many_nodes_what_they_lack_is_set_apart_at_once(pattern: str, apart: bool) -> None:
    shape, constraint = constrained(f"SELECT $this {{ {pattern} }}")
    domain = Domain.of(shape.targets, Sizes()).at("?this")
    few, many = (sparql.violations(shape, constraint, domain, many=many).select for many in (False, True))
    assert ("MINUS" in few, "MINUS" in many) == (False, apart)


@pytest.mark.parametrize("path", ["e:p", "[ sh:inversePath e:q ]", "( e:q e:p )", "[ sh:alternativePath ( e:p e:r ) ]"])
@pytest.mark.parametrize("pattern", ["$this $PATH ?value", "$this e:q ?value FILTER NOT EXISTS { $this $PATH ?any }"])
def test_the_path_is_written_in(path: str, pattern: str) -> None:
    shape, constraint = constrained(f"SELECT $this ?value {{ {pattern} }}", path)
    assert shape.path
    written = f"SELECT $this ?value {{ {pattern.replace('$PATH', f'({shape.path.sparql})')} }}"
    assert rows(shape, constraint) == one_by_one(written)


@pytest.mark.parametrize(("query", "complaint"), FORBIDDEN.items())
def test_what_the_standard_forbids_is_refused(query: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=f"urn:e:query: .*{complaint}"):
        constrained(query)


@pytest.mark.parametrize("query", ["SELECT $this { FILTER($PATH = e:p) }", "SELECT $this $PATH { $this $PATH 1 }"])
def test_a_path_is_no_value(query: str) -> None:
    with pytest.raises(ConfigError, match="can only be a predicate"):
        constrained(query, "e:p")


def test_refused_words_may_stand_in_strings_names_and_comments() -> None:
    query = """SELECT $this { # no MINUS here, and no { either
      $this e:p ?x . FILTER(?x != "SERVICE \\" MINUS" && ?x != e:VALUES && 1 < 2 && ?x = 1) }"""
    assert rows(*constrained(query)) == {_solution({"this": E.a})}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT $this { $this e:p ?value } LIMIT 1", "LIMIT counts"),
        ("SELECT $this { { SELECT $this ?x { $this e:p ?x } ORDER BY ?x OFFSET 1 } }", "OFFSET counts"),
    ],
)
def test_what_joining_cannot_say_is_left_to_another(query: str, reason: str) -> None:
    assert reason in sparql.uncompiled(*constrained(query))


def test_blank_shapes_have_no_name_in_a_query() -> None:
    (shape,) = shapes("""[] a sh:NodeShape ; sh:targetNode e:a ; sh:sparql [ sh:prefixes e: ; sh:select
        "SELECT $this { $currentShape e:p $this }" ] .""").shapes
    assert "blank node" in sparql.uncompiled(shape, shape.constraints[0])


def test_a_text_stands_as_written_apart_from_what_is_known() -> None:
    shape, constraint = constrained("SELECT $this WHERE { $this $PATH ?x . FILTER(?x != e:a\\,b) }", "( e:p e:q )")
    assert sparql.standing(shape, constraint) == (
        "SELECT $this WHERE { $this (<urn:e:p>/<urn:e:q>) ?x . FILTER(?x != <urn:e:a,b>) }"
    )
