"""Small random data graphs: a few nodes, predicates and classes, and literals that tell datatypes and languages apart.

All names come from small pools, so that shapes made from the same pools find something in the data.
"""

from __future__ import annotations

from hypothesis import strategies as st
from rdflib import RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

EX = Namespace("urn:x:")
NODES = [EX.a, EX.b, EX.c]
BLANK = [BNode("d"), BNode("e")]
PREDICATES = [EX.p, EX.q, EX.r]
CLASSES = [EX.C, EX.D]


def _typed(datatype: URIRef, *texts: str) -> list[Literal]:
    return [Literal(text, datatype=datatype, normalize=False) for text in texts]


STRINGS = [Literal(text) for text in ("", "a", "ab", "B a")]
TAGGED = [Literal("a", lang="en"), Literal("b", lang="en"), Literal("a", lang="en-gb"), Literal("b", lang="de")]
NUMBERS = [
    *_typed(XSD.integer, "1", "01", "2", "-3"),
    *_typed(XSD.decimal, "1.0", "1.5"),
    *_typed(XSD.double, "1.0E0", "2.5"),
]
MOMENTS = [
    *_typed(XSD.date, "2020-01-01", "2021-12-31"),
    *_typed(XSD.dateTime, "2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00", "2021-06-30T12:00:00Z"),
]
OTHERS = [*_typed(XSD.boolean, "true", "false"), *_typed(EX.unknown, "a", "1"), *_typed(XSD.anyURI, "urn:x:a")]
ILL_TYPED = [
    *_typed(XSD.integer, "a", "1.5", ""),
    *_typed(XSD.date, "2020-13-01", "yesterday"),
    *_typed(XSD.dateTime, "2020-01-01"),
]
LITERALS = [*STRINGS, *TAGGED, *NUMBERS, *MOMENTS, *OTHERS, *ILL_TYPED]

iris = st.sampled_from(NODES)
resources = st.sampled_from([*NODES, *BLANK])
classes = st.sampled_from(CLASSES)
predicates = st.sampled_from(PREDICATES)
literals = st.sampled_from(STRINGS) | st.sampled_from(TAGGED) | st.sampled_from(NUMBERS) | st.sampled_from(LITERALS)
numbers = st.sampled_from(NUMBERS)
tagged = st.sampled_from(TAGGED)
terms: st.SearchStrategy[Node] = resources | literals

_subclasses = st.just((EX.D, RDFS.subClassOf, EX.C))


@st.composite
def graphs(
    draw: st.DrawFn, subjects: st.SearchStrategy[Node] = resources, objects: st.SearchStrategy[Node] = terms
) -> Graph:
    """A data graph of up to a dozen triples."""
    statements = st.tuples(subjects, predicates, objects)
    types = st.tuples(subjects, st.just(RDF.type), classes)
    graph = Graph()
    for some in (st.lists(statements, max_size=9), st.lists(types, max_size=3), st.lists(_subclasses, max_size=1)):
        for triple in draw(some):
            graph.add(triple)
    return graph
