"""Partitions as they are read from a store."""

from __future__ import annotations

from pyoxigraph import NamedNode, Quad

from kg import iris
from kg.derivation import partitions
from kg.store.embedded import EmbeddedStore
from kg.vocabulary import TT


def test_a_partition_that_stands_in_two_graphs_is_one() -> None:
    partition, whole, part = (f"{iris.ID}{name}" for name in ("partition/p", "area/CN", "area/CN-11"))
    graphs = ["urn:graph:a", "urn:graph:b"]
    store = EmbeddedStore.in_memory()
    for graph in graphs:
        said = [(TT.partitionWhole, whole), (TT.partitionPart, part)]
        store.apply(
            [Quad(NamedNode(partition), NamedNode(p), NamedNode(o), NamedNode(graph)) for p, o in said], removed=[]
        )
    assert partitions.read(store, graphs) == [partitions.Partition(whole, (part,))]
