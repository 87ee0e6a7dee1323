"""What a client may ask to be written: an update, a graph or a dataset put or merged, a graph dropped.

A change says what is wanted, not how it comes about: in a plain folder `kg.store.plain` applies it to a copy of the
live database, elsewhere `kg.pipeline.writes` makes it an input of a build that the gate decides on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import PreconditionFailedError
from kg.store.base import Published

ANY = "*"
"""In a `Condition`: whatever is there."""


@dataclass(frozen=True)
class Update:
    """A SPARQL 1.1 Update request.

    Parameters
    ----------
    using, using_named
        ``using-graph-uri`` and ``using-named-graph-uri`` of the protocol (section 2.2.3): absolute IRIs.
    base
        What relative IRIs are resolved against; with none they are refused.
    """

    text: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    base: str | None = None

    @property
    def operation(self) -> str:
        """What is asked for, in a word."""
        return "update"


@dataclass(frozen=True)
class Part:
    """RDF as it was sent, packed or not, and its media type without parameters.

    A file must stay until the change is written.
    """

    content: bytes | Path
    media_type: str


class _Put:
    """What both kinds of putting have in common."""

    merge: bool

    @property
    def operation(self) -> str:
        """What is asked for, in a word."""
        return "merge" if self.merge else "put"


@dataclass(frozen=True)
class PutGraph(_Put):
    """A graph to be what was sent, or to hold it as well.

    Parameters
    ----------
    graph
        Its IRI; None is the default graph, which only a plain folder has.
    parts
        One, or several from a form; blank nodes of two parts are never the same.
    base
        What relative IRIs are resolved against.
    merge
        Whether what the graph holds already stays.
    """

    graph: str | None
    parts: tuple[Part, ...]
    base: str
    merge: bool = False


@dataclass(frozen=True)
class PutDataset(_Put):
    """All graphs to be what was sent, or to hold it as well: documents that name graphs themselves.

    Parameters
    ----------
    parts, base, merge
        As for `PutGraph`.
    """

    parts: tuple[Part, ...]
    base: str
    merge: bool = False


@dataclass(frozen=True)
class DropGraph:
    """A graph to be no more; the default graph (None) to be empty."""

    graph: str | None

    @property
    def operation(self) -> str:
        """What is asked for, in a word."""
        return "drop"


Change = Update | PutGraph | PutDataset | DropGraph


@dataclass(frozen=True)
class Condition:
    """What must hold of the graph that is to change, when its turn comes (RFC 9110, sections 13.1.1 and 13.1.2).

    Parameters
    ----------
    if_match
        Tags as `graph_tag` gives them, one of which the graph must have; `ANY` if it only must be there.
    if_none_match
        Tags that it must not have; `ANY` if it must not be there. None in either place asks nothing.
    """

    if_match: tuple[str, ...] | None = None
    if_none_match: tuple[str, ...] | None = None

    def check(self, tag: str | None) -> None:
        """See that it holds of a graph with this tag, or of one that is not there.

        Raises
        ------
        PreconditionFailedError
            It doesn't.
        """
        if self.if_match is not None and not _among(tag, self.if_match):
            raise PreconditionFailedError("the graph has changed or is not there: fetch it again (If-Match)")
        if self.if_none_match is not None and _among(tag, self.if_none_match):
            raise PreconditionFailedError("the graph is there already, or as you know it (If-None-Match)")


@dataclass(frozen=True)
class Written:
    """What a write came to.

    Parameters
    ----------
    release_id
        The release that is live now.
    published
        Whether this write made it; an update that changes nothing makes none.
    created
        Whether the graph that was put was not there before.
    counts
        Results of the gate by severity; empty in a plain folder.
    tag
        Of the graph that was put, as `graph_tag` gives it.
    """

    release_id: str
    published: bool = True
    created: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    tag: str | None = None


def graph_tag(release: Published, graph: str | None) -> str | None:
    """What changes whenever a graph of a release changes, without quotes; None if the release has no such graph.

    Reads release.json only. A segment with several graphs gives all of them the same tag.
    """
    if release.manifest.plain:
        changed: str | None = release.manifest.sources.get(graph or "", {}).get("changed")
        return changed
    found = [segment.digest for segment in release.manifest.segments.values() if graph in segment.graphs]
    return found[0] if found else None


def _among(tag: str | None, wanted: tuple[str, ...]) -> bool:
    return tag is not None and (tag in wanted or ANY in wanted)
