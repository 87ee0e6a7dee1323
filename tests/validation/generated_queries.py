"""Random shapes of SHACL-SPARQL: constraints and custom components from templates, filled from `generated_data`.

The templates hold one of each construct that pre-binding and joining might treat differently: negation, optional
parts, unions, sub-selects, paths, filters on ``$this`` inside and outside of groups. Terms are compared by sameTerm:
rdflib's ``=`` and ``!=`` have an answer where SPARQL has an error, for ill-typed literals and unknown datatypes.
"""

from __future__ import annotations

import re

from hypothesis import strategies as st
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from . import generated_data as data
from .generated_data import EX
from .generated_shapes import DEPTH, TARGETS, TRUE, Draft

PREFIXES = EX.prefixes
_BLANK = re.compile(r"\b(?:P|Q|COND)\b")
CONDITIONS = [
    "isIRI(?value)",
    "isLiteral(?value) && STRLEN(STR(?value)) > 1",
    'LANG(?value) = "en"',
    "sameTerm(?value, $this)",
    "!sameTerm(?value, $this)",
    "DATATYPE(?value) = <http://www.w3.org/2001/XMLSchema#string>",
    "EXISTS { ?value x:q ?any }",
    "?value IN (x:a, x:b)",
    "!isBlank($this)",
]
ON_NODES = [
    "SELECT $this ?value WHERE { $this P ?value FILTER (COND) }",
    "SELECT ?value $this WHERE { $this ?any ?value . ?value Q ?other . }",
    "SELECT $this WHERE { $this P ?one , ?two . FILTER (!sameTerm(?one, ?two)) }",
    "SELECT $this WHERE { FILTER NOT EXISTS { $this P ?any } }",
    "SELECT $this ?value WHERE { $this P ?value . FILTER NOT EXISTS { ?value Q ?any } }",
    "SELECT $this ?path ?value WHERE { $this ?path ?value . FILTER (?path = P && COND) }",
    "SELECT $this ?value WHERE { $this P ?value . OPTIONAL { ?value Q ?other } FILTER (!BOUND(?other) && COND) }",
    "SELECT $this ?value { $this P ?value OPTIONAL { $this Q ?x FILTER sameTerm(?x, ?value) } FILTER (!BOUND(?x)) }",
    "SELECT $this ?value WHERE { { $this P ?value } UNION { ?value Q $this } FILTER (COND) }",
    "SELECT $this WHERE { { { FILTER (isIRI($this)) } UNION { $this P ?any } } }",
    "SELECT $this WHERE { $this P+ $this }",
    "SELECT $this ?value WHERE { $this (P|^Q)/P* ?value . FILTER (COND) }",
    "SELECT $this WHERE { { SELECT $this (COUNT(?any) AS ?n) WHERE { $this P ?any } GROUP BY $this } FILTER (?n > 1) }",
    "SELECT $this ?value WHERE { { SELECT $this ?value WHERE { $this P/Q ?value } } FILTER (COND) }",
    "SELECT DISTINCT $this WHERE { $this P ?one . FILTER EXISTS { ?one Q ?two . FILTER (!sameTerm(?two, $this)) } }",
    "SELECT $this (?other AS ?value) WHERE { $this P ?one . ?one Q ?other . }",
    "SELECT $this ?value WHERE { BIND ($this AS ?me) ?me P ?value . FILTER (COND) }",
    "SELECT $this WHERE { FILTER bound($this) FILTER (isIRI($this)) }",
    "SELECT $this ?value { $this P ?value FILTER NOT EXISTS { $this Q ?any FILTER (!sameTerm(?any, ?value)) } }",
    "SELECT $this ?value { $this P ?one . ?one Q ?value FILTER NOT EXISTS { $this P/Q ?any . ?any Q ?value } }",
    "SELECT $this { BIND(IRI(STR($this)) AS ?me) FILTER NOT EXISTS { ?me P ?one FILTER (!sameTerm(?one, $this)) } }",
]
ON_PATHS = [
    "SELECT $this ?value WHERE { $this $PATH ?value . FILTER (COND) }",
    "SELECT $this WHERE { $this $PATH ?one , ?two . FILTER (!sameTerm(?one, ?two)) }",
    "SELECT $this ?value WHERE { $this $PATH ?value . FILTER NOT EXISTS { ?value Q ?any } }",
    "SELECT $this WHERE { FILTER NOT EXISTS { $this $PATH ?any } }",
    "SELECT $this ?value WHERE { $this P ?value . FILTER NOT EXISTS { $this $PATH ?value } }",
]
ASKS = [
    "ASK { FILTER (!isLiteral($value) || STR($value) < STR($bound)) }",
    "ASK { FILTER (!isLiteral($value) || DATATYPE($value) = DATATYPE($bound)) }",
    "ASK { { $value P ?any } UNION { ?any Q $value } }",
    "ASK { FILTER (!sameTerm($value, $bound)) }",
    "ASK { FILTER NOT EXISTS { $this P $value } }",
    'ASK { FILTER (isBlank($value) || STR(COALESCE($most, "b")) > STR($value)) }',
]
COMPONENT_ON_NODES = [
    "SELECT $this WHERE { FILTER (!sameTerm($this, $bound)) }",
    "SELECT $this WHERE { $this P ?any . FILTER (sameTerm(?any, $bound)) }",
    "SELECT $this WHERE { FILTER NOT EXISTS { $this P $bound } }",
]
# Values first: pySHACL runs a SELECT of a component for each value node, not for the focus node (section 6.3), thus
# never where there is no value.
COMPONENT_ON_PATHS = [
    "SELECT $this ?value WHERE { $this $PATH ?value . FILTER (sameTerm(?value, $bound)) }",
    "SELECT $this WHERE { $this $PATH ?any . FILTER NOT EXISTS { $this $PATH $bound } }",
]


# pySHACL writes no brackets in what it puts in the place of $PATH, so nothing is nested. No path of length zero: by
# appendix A (a join of path and binding) a focus node outside the graph does not reach itself, in pySHACL it does.
PATHS = st.one_of(
    data.predicates,
    st.tuples(st.sampled_from([SH.inversePath, SH.oneOrMorePath]), data.predicates),
    st.tuples(st.sampled_from(["sequence", SH.alternativePath]), st.lists(data.predicates, min_size=2, max_size=3)),
)
# rdflib takes terms that are false in Python ("", false) for unbound here and there.
TRUTHY = [literal for literal in data.LITERALS if literal]
literals = st.sampled_from(TRUTHY)
KINDS = [
    (SH.validator, SH.SPARQLAskValidator, SH.ask, ASKS),
    (SH.nodeValidator, SH.SPARQLSelectValidator, SH.select, COMPONENT_ON_NODES),
    (SH.propertyValidator, SH.SPARQLSelectValidator, SH.select, COMPONENT_ON_PATHS),
]


data_graphs = data.graphs(objects=data.resources | literals)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """A shapes graph with one or two shapes that have targets, and SPARQL constraints or custom components."""
    draft = Draft(draw, literals=TRUTHY)
    _declare(draft)
    for number in range(draw(st.integers(1, 2))):
        node = _shape(draft, number)
        for target in draw(st.lists(st.sampled_from(TARGETS), min_size=1, max_size=2, unique=True)):
            target(draft, node, 0)
    return draft.graph


def _declare(draft: Draft) -> None:
    declaration = BNode()
    draft.add(PREFIXES, SH.declare, declaration)
    draft.add(declaration, SH.prefix, Literal("x"))
    draft.add(declaration, SH.namespace, Literal(str(EX), datatype=XSD.anyURI))


def _shape(draft: Draft, number: int) -> Node:
    on_path = draft.chance(2)
    node = draft.named(SH.PropertyShape if on_path else SH.NodeShape, DEPTH)
    if on_path:
        draft.add(node, SH.path, draft.path(draft.draw(PATHS)))
    _constraint(draft, node, EX[f"Query{number}"], ON_PATHS if on_path else ON_NODES)
    if draft.chance(2):
        _component(draft, node, number)
    return node


def _constraint(draft: Draft, shape: Node, node: Node, templates: list[str]) -> None:
    draft.add(shape, SH.sparql, node)
    _query(draft, node, SH.select, templates)
    if draft.chance(12):
        draft.add(node, SH.deactivated, TRUE)


def _component(draft: Draft, shape: Node, number: int) -> None:
    """A component of the shape's own, with a parameter that it must have and one that it may have."""
    on_path = (shape, SH.path, None) in draft.graph
    role, kind, form, templates = draft.draw(st.sampled_from([KINDS[0], KINDS[2] if on_path else KINDS[1]]))
    name = f"{'Ask' if form == SH.ask else 'Select'}{number}"
    node, validator, bound, most = (EX[f"{name}{part}"] for part in ("", "/validator", "/bound", "/most"))
    draft.add(node, RDF.type, SH.ConstraintComponent)
    draft.add(node, role, validator)
    draft.add(validator, RDF.type, kind)
    _query(draft, validator, form, templates)
    for path in (bound, most):
        parameter = EX[f"{name}/parameter{path[-1]}"]
        draft.add(node, SH.parameter, parameter)
        draft.add(parameter, SH.path, path)
        draft.add(parameter, SH.optional, Literal(str(path == most).lower(), datatype=XSD.boolean))
    draft.add(shape, bound, draft.draw(data.iris | literals))
    if draft.chance(2):
        draft.add(shape, most, draft.draw(literals))


def _query(draft: Draft, node: Node, form: URIRef, templates: list[str]) -> None:
    template, condition = draft.draw(st.sampled_from(templates)), draft.draw(st.sampled_from(CONDITIONS))
    one, two = (f"x:{draft.draw(data.predicates).removeprefix(EX)}" for _ in "PQ")
    filled = {"P": one, "Q": two, "COND": condition}
    draft.add(node, SH.prefixes, PREFIXES)
    draft.add(node, form, Literal(_BLANK.sub(lambda blank: filled[blank[0]], template)))
