"""One small data graph, and shapes made of queries over it: what the tests of SHACL-SPARQL share."""

from __future__ import annotations

from functools import cache

from rdflib import Graph, Literal, Namespace

from kg.store.embedded import EmbeddedStore
from kg.validation import gate
from kg.validation.model import Constraint, Shape
from kg.validation.results import Result
from kg.validation.shapes import Shapes

from .validators import stored

E = Namespace("urn:e:")
PROLOGUE = """
@prefix e: <urn:e:> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
DECLARED = 'e: sh:declare [ sh:prefix "e" ; sh:namespace "urn:e:" ] .'
DATA = """
e:a a e:C , e:D ; e:p 1 , 2 , "x" ; e:q e:b ; e:r e:a .
e:b a e:C ; e:p 3 ; e:q e:c .
e:c a e:C ; e:q e:a , _:d ; e:r "x" .
_:d a e:C ; e:p 2 ; e:r e:b .
e:D rdfs:subClassOf e:C .
"""
FOCUS = [E.a, E.b, E.c, E.absent, Literal("x")]
TARGETS = 'sh:targetClass e:C ; sh:targetNode e:a , e:absent , "x"'


@cache
def example() -> Graph:
    """The data."""
    return Graph().parse(data=PROLOGUE + DATA, format="turtle")


@cache
def example_store() -> EmbeddedStore:
    """The data in a store, blank nodes under the same labels."""
    return stored(example())


def shapes(text: str) -> Shapes:
    """The shapes of some Turtle."""
    return Shapes.of(Graph().parse(data=PROLOGUE + DECLARED + text, format="turtle"))


def constrained(query: str, path: str = "", more: str = "") -> tuple[Shape, Constraint]:
    """A shape with one SPARQL constraint, and the constraint."""
    kind, path = ("PropertyShape", f"sh:path {path} ;") if path else ("NodeShape", "")
    found = shapes(f"""
        e:shape a sh:{kind} ; {path} {TARGETS} ; sh:sparql e:query .
        e:query sh:prefixes e: ; sh:select {Literal(query).n3()} . {more}""")
    shape = next(shape for shape in found.shapes if shape.name == E.shape.toPython())
    return shape, shape.constraints[0]


def component(validator: str, path: str = "", arguments: str = "e:wanted 2", role: str = "validator") -> Shapes:
    """A shape of a custom component with a parameter and one that is optional."""
    kind, path = ("PropertyShape", f"sh:path {path} ;") if path else ("NodeShape", "")
    form = "ask" if validator.startswith("ASK") else "select"
    return shapes(f"""
        e:Kind rdfs:subClassOf sh:ConstraintComponent .
        e:Component a e:Kind ; sh:{role} e:validator ; sh:labelTemplate "wants {{$wanted}}" ;
          sh:parameter [ sh:path e:wanted ] , [ sh:path e:most ; sh:optional true ] .
        e:validator sh:prefixes e: ; sh:{form} {Literal(validator).n3()} .
        e:shape a sh:{kind} ; {path} {TARGETS} ; {arguments} .""")


def results(found: Shapes) -> list[Result]:
    """What a gate with these shapes finds in the data, in order of messages."""
    return sorted(gate.check(example_store(), found).results, key=str)
