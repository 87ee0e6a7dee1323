"""The part of a graph that an answer shows: things and links between them, as networkx has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg.queries.labels import Label

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True, order=True)
class Link:
    """One statement that leads from a thing to another."""

    source: str
    property: str
    target: str

    def other(self, end: str) -> str:
        """The end that is not this one; itself for a link to itself."""
        return self.source if self.target == end else self.target


@dataclass(frozen=True)
class Node:
    """A thing: what it is called, its classes, and what an answer says of it.

    Attributes
    ----------
    attributes
        Numbers, truth values and texts by name.
    """

    iri: str
    label: Label | None = None
    classes: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """All but the IRI, as JSON has it; what is not known is left out."""
        of_label = {"label": str(self.label), "language": self.label.language} if self.label is not None else {}
        classes = {"classes": list(self.classes)} if self.classes else {}
        return {name: value for name, value in {**of_label, **classes, **self.attributes}.items() if value != ""}


@dataclass(frozen=True)
class Graph:
    """Things by IRI, and links with what an answer says of each."""

    nodes: Mapping[str, Node]
    links: Mapping[Link, Mapping[str, Any]]

    @classmethod
    def of(cls, nodes: Iterable[Node], links: Mapping[Link, Mapping[str, Any]] | Iterable[Link] = ()) -> Graph:
        """A graph, sorted, so that the same things and links give the same answer.

        Links whose ends are not among the things are left out.
        """
        known = {node.iri: node for node in sorted(nodes, key=lambda node: node.iri)}
        told = links if isinstance(links, Mapping) else {link: {} for link in links}
        return cls(known, {link: told[link] for link in sorted(told) if {link.source, link.target} <= known.keys()})

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """The same for networkx: nodes and edges with their attributes; the key of an edge is its property."""
        import networkx as nx  # noqa: PLC0415 - 0.1 s, and not all need it

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        graph.add_nodes_from((iri, node.told()) for iri, node in self.nodes.items())
        for link, told in self.links.items():
            graph.add_edge(link.source, link.target, key=link.property, property=link.property, **told)
        return graph
