"""Blank nodes get IRIs that depend on nothing but their own connected part (RDF 1.1 Concepts, section 3.5).

Oxigraph renames blank nodes at every load, so a difference that holds one could not be applied. The part is put into
canonical form by RDFC-1.0; a blank node's IRI is a hash of that form and of its label there. What stands elsewhere in
the file has no influence, so the name stays when other things change.

RDFC-1.0 tries all orders of blank nodes that look alike from one step away: for a list of 500 nameless members that
took 14 CPU seconds. So each node is first marked with a digest of all that lies beneath it, which sets the members of
lists and trees apart; the marks serve the ordering only. Nodes on circles get none, and a circle of many alike nodes
can still take for ever: `kg.store.confined` sets a limit to that.

References
----------
RDF Dataset Canonicalization (RDFC-1.0), W3C Recommendation 2024, section 4; its section 7.1 on such input.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from kg.iris import GENID

_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | ox.DefaultGraph
_MARK = ox.NamedNode(f"{GENID}mark")
_MARKED = ox.DefaultGraph()  # no quad of ours stands in the default graph, so the marks can be told from the data


def named(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """The quads with an IRI in place of each blank node.

    Every quad must hold a blank node. Parts of the same form are told apart by a count, so that two nameless things of
    which the same is said stay two.
    """
    twins: Counter[str] = Counter()
    for component in _components(quads):
        canonical = _canonical(component)
        form = hashlib.sha256("".join(sorted(f"{quad} .\n" for quad in canonical)).encode()).hexdigest()
        names = _names(canonical, form, twins[form])
        twins[form] += 1
        yield from (_renamed(quad, names) for quad in canonical)


def blank_nodes(quad: ox.Quad) -> list[ox.BlankNode]:
    """The blank nodes of a quad, those inside triple terms and the graph's name among them."""
    return [node for term in (quad.subject, quad.object, quad.graph_name) for node in _inside(term)]


def _inside(term: _Term) -> list[ox.BlankNode]:
    if isinstance(term, ox.BlankNode):
        return [term]
    if isinstance(term, ox.Triple):
        return _inside(term.subject) + _inside(term.object)
    return []


def _components(quads: Iterable[ox.Quad]) -> Iterable[list[ox.Quad]]:
    """The quads grouped by the connected parts that their blank nodes form, by union and find."""
    parent: dict[ox.BlankNode, ox.BlankNode] = {}

    def root(node: ox.BlankNode) -> ox.BlankNode:
        while (above := parent.setdefault(node, node)) != node:
            parent[node] = node = parent[above]
        return node

    anchors = []
    for quad in quads:
        first, *others = blank_nodes(quad)
        for other in others:
            parent[root(other)] = root(first)
        anchors.append((first, quad))
    components: defaultdict[ox.BlankNode, list[ox.Quad]] = defaultdict(list)
    for node, quad in anchors:
        components[root(node)].append(quad)
    return components.values()


def _canonical(component: list[ox.Quad]) -> list[ox.Quad]:
    """The quads of a component with the labels of its canonical form."""
    dataset = ox.Dataset(component)
    for node, mark in _marks(component).items():
        dataset.add(ox.Quad(node, _MARK, ox.Literal(mark), _MARKED))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return [quad for quad in dataset if quad.graph_name != _MARKED]


def _marks(component: list[ox.Quad]) -> dict[ox.BlankNode, str]:
    """A digest of what lies beneath each blank node, from the leaves up; none for a node on or above a circle."""
    statements = _statements(component)
    unmarked = {node: {child for quad in quads for child in _inside(quad.object)} for node, quads in statements.items()}
    above: defaultdict[ox.BlankNode, list[ox.BlankNode]] = defaultdict(list)
    for node, children in unmarked.items():
        for child in children:
            above[child].append(node)
    marks: dict[ox.BlankNode, str] = {}
    ready = [node for node, children in unmarked.items() if not children]
    while ready:
        node = ready.pop()
        marks[node] = _digest(statements[node], marks)
        for parent in above[node]:
            unmarked[parent].remove(node)
            if not unmarked[parent]:
                ready.append(parent)
    return marks


def _statements(component: list[ox.Quad]) -> dict[ox.BlankNode, list[ox.Quad]]:
    """What is said of each blank node of a component; nothing, of a node that is only an object or a graph."""
    statements: dict[ox.BlankNode, list[ox.Quad]] = {node: [] for quad in component for node in blank_nodes(quad)}
    for quad in component:
        if isinstance(quad.subject, ox.BlankNode):
            statements[quad.subject].append(quad)
    return statements


def _digest(statements: list[ox.Quad], marks: Mapping[ox.BlankNode, str]) -> str:
    lines = sorted(f"{quad.predicate} {_marked(quad.object, marks)}" for quad in statements)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _marked(term: _Term, marks: Mapping[ox.BlankNode, str]) -> str:
    if isinstance(term, ox.BlankNode):
        return f"_:{marks[term]}"
    if isinstance(term, ox.Triple):
        return f"<<( {_marked(term.subject, marks)} {term.predicate} {_marked(term.object, marks)} )>>"
    return str(term)


def _names(canonical: list[ox.Quad], form: str, twin: int) -> dict[ox.BlankNode, ox.NamedNode]:
    nodes = {node for quad in canonical for node in blank_nodes(quad)}
    return {node: ox.NamedNode(GENID + _hash(f"{form} {node.value} {twin}")) for node in nodes}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _renamed(quad: ox.Quad, names: Mapping[ox.BlankNode, ox.NamedNode]) -> ox.Quad:
    subject, predicate, object_, graph = quad
    return ox.Quad(_replaced(subject, names), predicate, _replaced(object_, names), _replaced(graph, names))


def _replaced(term: Any, names: Mapping[ox.BlankNode, ox.NamedNode]) -> Any:
    """The term itself, or what takes its place: always a kind that may stand where the term stood."""
    if isinstance(term, ox.BlankNode):
        return names[term]
    if isinstance(term, ox.Triple):
        return ox.Triple(_replaced(term.subject, names), term.predicate, _replaced(term.object, names))
    return term
