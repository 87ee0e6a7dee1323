"""Quads become canonical N-Quads lines: the form in which segments keep them and differences compare them.

In come quads; out go blocks of whole lines in which

- literals and language tags stand as Oxigraph keeps them: it holds ``"01"`` and ``"1"`` as one triple, so a difference
  that named them apart could not be applied. The form is not computed here but read back from an Oxigraph store;
- blank nodes are IRIs (`kg.store.blank_nodes`).

Blocks are neither sorted nor free of repetitions; `kg.store.segments` sees to both. Nothing here is limited in time or
memory: files from outside go through `kg.store.reading`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NewType

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store.blank_nodes import blank_nodes, named

Block = NewType("Block", bytes)
"""Whole canonical lines, each ending in a newline."""

CHUNK = 10_000
"""Quads that are turned at a time."""


def canonical(quads: Iterable[ox.Quad]) -> Iterator[Block]:
    """The canonical lines of quads whose blank nodes all belong to one scope.

    Lines without blank nodes come as the input is read; those with blank nodes come last, since the name of a blank
    node depends on all that is linked to it. Only these are held in memory.

    Raises
    ------
    StoreError
        A quad stands in the default graph: nothing is stored outside named graphs.
    """
    unnamed: list[ox.Quad] = []
    for chunk in _chunks(iter(quads)):
        yield _without_blank_nodes(_as_stored(chunk), unnamed)
    yield from _serialized(named(unnamed))


def as_they_stand(quads: Iterable[ox.Quad]) -> Iterator[Block]:
    """The lines of quads with their blank nodes, for what is looked at and not kept: nothing has to wait for a name."""
    return _serialized(iter(quads))


def parse(lines: Iterable[bytes]) -> Iterator[ox.Quad]:
    """The quads of canonical lines, in their order."""
    for block in _joined(lines):
        yield from ox.parse(block, format=ox.RdfFormat.N_QUADS, lenient=True)


def _joined(pieces: Iterable[bytes], size: int = 1 << 18) -> Iterator[bytes]:
    """The same text in larger pieces, so that the parser starts less often."""
    block = bytearray()
    for piece in pieces:
        block += piece
        if len(block) >= size:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)


def _chunks(quads: Iterator[ox.Quad]) -> Iterator[list[ox.Quad]]:
    while chunk := list(islice(quads, CHUNK)):
        yield chunk


def _as_stored(quads: list[ox.Quad]) -> bytes:
    if homeless := next((quad for quad in quads if quad.graph_name == ox.DefaultGraph()), None):
        raise StoreError(f"a statement that was to be stored names no graph: {homeless}")
    store = ox.Store()
    store.extend(quads)
    return store.dump(format=ox.RdfFormat.N_QUADS) or b""


def _without_blank_nodes(text: bytes, unnamed: list[ox.Quad]) -> Block:
    """The lines that hold no blank node; the quads of the others are added to ``unnamed``."""
    if b"_:" not in text:
        return Block(text)
    plain = []
    for line in text.splitlines(keepends=True):
        if b"_:" in line and (quad := next(ox.parse(line, format=ox.RdfFormat.N_QUADS), None)) and blank_nodes(quad):
            unnamed.append(quad)
        else:
            plain.append(line)
    return Block(b"".join(plain))


def _serialized(quads: Iterator[ox.Quad]) -> Iterator[Block]:
    for chunk in _chunks(quads):
        yield Block(ox.serialize(chunk, format=ox.RdfFormat.N_QUADS) or b"")
