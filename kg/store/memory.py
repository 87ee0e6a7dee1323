"""RDF files as a store that lives in memory: to look at data without keeping it."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable

import pyoxigraph as ox

from kg.errors import NotFoundError
from kg.store import default_graph
from kg.store.canonical import Block, parse
from kg.store.embedded import EmbeddedStore

_FEW = 10


def loaded(blocks: Iterable[Block], *, graphs: Collection[str] = ()) -> EmbeddedStore:
    """A store of blocks, as `kg.store.reading.read_rdf` gives them.

    A triple that stands in several graphs counts once: where there are several, the default graph is written out.

    Parameters
    ----------
    graphs
        Keep these named graphs only; all if empty.

    Raises
    ------
    NotFoundError
        There is no graph of this name.
    """
    store = EmbeddedStore.in_memory()
    for number, block in enumerate(blocks):
        # loading in bulk is faster; it takes a buffer of 200 MB, and names the blank nodes of each block anew
        if number < _FEW or b"_:" in bytes(block):
            store.apply(parse([block]), [])
        else:
            store.load(io.BytesIO(block))
    _keep(store, graphs)
    if len(store.graphs()) < 2:  # noqa: PLR2004  (the only one is the union)
        return store
    default_graph.materialise(store.database)
    return EmbeddedStore(store.database, default_graph="materialised")


def _keep(store: EmbeddedStore, graphs: Collection[str]) -> None:
    there = store.graphs()
    if unknown := sorted(set(graphs) - set(there)):
        raise NotFoundError(f"no graph {unknown[0]}; there are\n  " + "\n  ".join(there))
    for graph in set(there) - set(graphs) if graphs else ():
        store.database.remove_graph(ox.NamedNode(graph))
