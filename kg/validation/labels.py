"""Steady labels for the blank nodes of shapes files, so that a report on the same data names a nameless shape the same.

A parser labels blank nodes at random. Here the label is a digest of what lies beneath the node, and of what leads to it
from above; two nodes that agree in both are told apart by a count. Nodes on circles keep the parser's label: shapes on
circles are refused anyway, and so are lists and paths.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import rdflib
from rdflib.term import BNode, Node

from kg.iris import short_hash


def steady(graph: rdflib.Graph) -> rdflib.Graph:
    """The graph with its blank nodes labelled by what is said with them."""
    contents = dict(_contents(graph))
    labels: dict[Node, BNode] = {}
    twins: Counter[str] = Counter()
    for node in reversed(contents):  # what is above comes first
        above = sorted(f"{predicate.n3()} {labels.get(s, s).n3()}" for s, predicate in graph.subject_predicates(node))
        digest = short_hash(contents[node], *above)
        labels[node] = BNode(f"b{digest}n{twins[digest]}")
        twins[digest] += 1
    renamed = rdflib.Graph()
    for subject, predicate, value in graph:
        renamed.add((labels.get(subject, subject), predicate, labels.get(value, value)))
    return renamed


def named_above(graph: rdflib.Graph, node: Node) -> Node:
    """The named node that a nameless one belongs to, if there is one, else the node: people can find it."""
    seen = {node}
    above: Node | None = node
    while isinstance(above, BNode):
        above = next((subject for subject in graph.subjects(None, above) if subject not in seen), None)
        seen.add(above or node)
    return above or node


def _contents(graph: rdflib.Graph) -> Iterator[tuple[Node, str]]:
    """Each blank node with a digest of what lies beneath it, after all those that lie there."""
    waiting = {node: _beneath(graph, node) for node in sorted(set(graph.subjects()) | set(graph.objects()), key=str)}
    waiting = {node: below for node, below in waiting.items() if isinstance(node, BNode)}
    users = defaultdict(list)
    for node, below in waiting.items():
        for other in below:
            users[other].append(node)
    known: dict[Node, str] = {}
    ready = [node for node, below in waiting.items() if not below]
    while ready:
        node = ready.pop()
        said = sorted(f"{predicate.n3()} {known.get(value) or value.n3()}" for predicate, value in graph[node])
        known[node] = short_hash(*said)
        yield node, known[node]
        for user in users[node]:
            waiting[user].discard(node)
            if not waiting[user]:
                ready.append(user)


def _beneath(graph: rdflib.Graph, node: Node) -> set[Node]:
    return {value for value in graph.objects(node) if isinstance(value, BNode)}
