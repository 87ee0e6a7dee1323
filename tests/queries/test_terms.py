"""What the text of a query says of terms and of the kinds of values."""

from __future__ import annotations

import pytest

from kg.queries.terms import kinds, unknown_terms

PREFIX = """PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


def test_terms_that_the_ontology_lacks_are_found_wherever_they_stand_for_something() -> None:
    text = f"""{PREFIX} SELECT ?a WHERE {{
      ?a tt:refAera/tt:withinArea ?b ; a <https://w3id.org/techtransfer/ontology#Observatoin> .
      FILTER(?b != "tt:nothing" && NOT EXISTS {{ ?b ^tt:cel ?c }}) # tt:nothing
    }}"""
    found = dict(unknown_terms(text))
    assert set(found) == {"refAera", "Observatoin", "cel"}
    assert found["refAera"][0] == "refArea"
    assert found["Observatoin"][0] == "Observation"


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("?s tt:value ?x", "number"),
        ("?s a tt:Observation ; tt:firstDay ?x", "date"),
        ("?s tt:cell/tt:hasObservation ?x", "iri"),
        ("?s (tt:revises+) ?x", "iri"),
        ("?s ^tt:value ?x", "iri"),
        ("?s tt:isStock ?x", "boolean"),
        ("?s tt:paragraph ?x", "integer"),
        ("?s rdfs:label ?x", "string"),
        ("?x tt:value 3", "iri"),
        ("GRAPH ?x { ?s ?p ?o }", "iri"),
        ("BIND(STR(1) AS ?x)", "string"),
        ("BIND(EXISTS { ?s ?p ?o } AS ?x)", "boolean"),
        ("{ SELECT (COUNT(?s) AS ?x) { ?s ?p ?o } }", "integer"),
        ("VALUES ?x { tt:value <http://example.org/a> }", "iri"),
        ("?s ?p ?x", None),
        ("VALUES ?x { 1 UNDEF }", None),
        ("BIND(STR(1) = ?y AS ?x)", "boolean"),
        ("BIND(STRLEN(?y) < 2 || STR(?z) != 'a' AS ?x)", "boolean"),
        ("BIND(FLOOR(?y * 100) / 100 AS ?x)", "number"),
        ("{ SELECT (SUM(1 / ?y) AS ?x) { ?s ?p ?y } }", "number"),
        ("BIND(IF(?y = 1, 'a', 1) AS ?x)", None),
        ("BIND(COALESCE(?y, ?z) AS ?x)", None),
        ("{ ?s tt:value ?x } UNION { ?s ?p ?x }", None),
        ("{ ?s tt:value ?x } UNION { ?s rdfs:label ?x }", None),
        ("?s tt:value ?x OPTIONAL { ?x ?p ?o }", None),
    ],
)
def test_a_variable_has_a_kind_where_all_that_is_said_of_it_agrees(pattern: str, kind: str | None) -> None:
    assert kinds(f"{PREFIX} SELECT * WHERE {{ {pattern} }}").get("x") == kind
