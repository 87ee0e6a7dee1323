"""Graphs of one's own: which graphs a client may write, whose the others are, and what to do about those.

A source's graph is made anew from its tables by every build, which would silently undo what was written into it. So
only graphs that no run makes are written: each is a segment of its own, which builds keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg import iris
from kg.errors import ReadOnlyError
from kg.pipeline.inputs import Input, Produced
from kg.store.canonical import Block
from kg.store.manifest import Manifest
from kg.store.segments import digest_of

KIND = "graph"
PREFIX = "graph/"
SPACE = f"{iris.GRAPH}own/"
"""Below the project's graphs only these are anybody's; names outside it are free."""

_NO_DEFAULT = (
    "the default graph cannot be written: it is the merge of all named graphs; name a graph of your own, such as"
    f" {SPACE}corrections"
)
_ELSEWHERE = f"or put the correction into a graph of your own, such as {SPACE}corrections"


def segment_of(graph: str) -> str:
    """The name of the segment of a graph of one's own."""
    return f"{PREFIX}{graph}"


def is_own(manifest: Manifest, graph: str) -> bool:
    """Whether a client may write a graph, be it there or not."""
    owner = _owner(manifest, graph)
    if owner is not None:
        return owner == segment_of(graph)
    return graph.startswith(SPACE) or not graph.startswith(iris.GRAPH)


def check(manifest: Manifest, graph: str | None) -> str:
    """The name of a graph that a client may write.

    Raises
    ------
    ReadOnlyError
        It is the default graph, or somebody else's; the text says whose, and where to correct what it holds.
    """
    if graph is None:
        raise ReadOnlyError(_NO_DEFAULT)
    if is_own(manifest, graph):
        return graph
    if (owner := _owner(manifest, graph)) is None:
        raise ReadOnlyError(f"the graph {graph} would belong to the project; graphs of your own begin with {SPACE}")
    raise ReadOnlyError(f"the graph {graph} is read-only: {_whose(owner, manifest.sources.get(owner, {}))}")


def as_input(graph: str, blocks: Iterable[Block]) -> Input:
    """The input that fills the segment of a graph, with what the graph is to hold."""
    lines = sorted({line for block in blocks for line in block.splitlines(keepends=True)})
    return Input(
        name=segment_of(graph),
        kind=KIND,
        title=graph,
        licence="",
        digest=digest_of(lines),
        produce=lambda: Produced(iter([Block(b"".join(lines))] if lines else [])),
    )


def _owner(manifest: Manifest, graph: str) -> str | None:
    return next((name for name, segment in manifest.segments.items() if graph in segment.graphs), None)


def _whose(owner: str, record: Mapping[str, Any]) -> str:
    """Who made a segment, and what to do to change it."""
    kind, title = record.get("kind"), record.get("title") or owner
    if kind == "source":
        return f"the source {owner} ({title}) makes it; correct its table and build again, {_ELSEWHERE}"
    if kind == "project":
        return f"it is the project's own ({title}); change its file and build again, {_ELSEWHERE}"
    if kind == "load":
        return f"it was loaded from {title}; load it again with `kg load`, {_ELSEWHERE}"
    return f"every build makes it anew from the other graphs; correct those, {_ELSEWHERE}"
