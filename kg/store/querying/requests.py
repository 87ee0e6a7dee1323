"""What a query process is asked, and what the asker may use, as they go over the socket to it."""

from __future__ import annotations

import json
import struct
import sys
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class Request:
    """A query, its dataset, and the two media types between which the kind of query decides.

    Parameters
    ----------
    results_format
        For SELECT and ASK: a media type of SPARQL results; None when the asker takes none of them, and such a query is
        then answered with nothing under an empty media type.
    graph_format
        For CONSTRUCT and DESCRIBE: a media type of RDF; None likewise.
    default_graphs, named_graphs
        IRIs of the dataset; they win over FROM. With neither, and no FROM, the default graph is the union of all
        named graphs.
    base
        What relative IRIs are resolved against where the query has no BASE; without, they are an error.
    timeout
        Seconds; the pool's own limit when None.
    """

    query: str
    results_format: str | None = "application/sparql-results+json"
    graph_format: str | None = "text/turtle"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base: str | None = None
    timeout: float | None = None

    @cached_property
    def packed(self) -> bytes:
        """Bytes that say all of it, and are the same for the same request."""
        return json.dumps(vars(self)).encode()


@dataclass(frozen=True, kw_only=True)
class GraphRequest:
    """All triples of one graph, or all graphs.

    Parameters
    ----------
    graph
        Its IRI; None is the default graph: the merge of the others, or, in a plain folder, one of its own.
    head
        Whether to answer with the number of bytes instead, or with nothing where there are more than a frame holds.
    whole
        All graphs instead, in a syntax of datasets.
    """

    graph: str | None
    media_type: str
    head: bool = False
    whole: bool = False
    timeout: float | None = None

    @cached_property
    def packed(self) -> bytes:
        """Bytes that say all of it, and are the same for the same request."""
        return json.dumps(vars(self)).encode()


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one query may use: seconds, bytes of memory, bytes of result, solutions or triples of result.

    Memory is limited as address space by the system, or, where there is no such limit (macOS takes it and ignores it),
    by the pool, which then looks at the resident size again and again (``poll_memory``). It is a limit of the process;
    the others may be a caller's own.

    Parameters
    ----------
    hosts
        Other servers that SERVICE may call, as `kg.sparql.hosts.Hosts` reads them.
    service_timeout, service_result
        Seconds and bytes of one such call.
    copied
        Quads of the largest release that a process holds in memory when it is asked much, about 430 bytes each; these
        do not count as memory of a query.
    """

    timeout: float = 30.0
    memory: int = 2 * 1024**3
    result: int = 256 * 1024**2
    rows: int = 1_000_000
    hosts: tuple[str, ...] = ()
    service_timeout: float = 10.0
    service_result: int = 64 * 1024**2
    copied: int = 300_000
    poll_memory: bool = not sys.platform.startswith("linux")

    @cached_property
    def packed(self) -> bytes:
        """Bytes that say all of it."""
        return json.dumps(vars(self)).encode()


HEAD = struct.Struct("!IId")
"""Before each message: the bytes of the request, the bytes of the limits, the seconds that are left."""


def message(request: Request | GraphRequest, limits: Limits, seconds: float) -> bytes:
    """What a query process reads: a request, what its caller may use, and the time that is left of it."""
    return HEAD.pack(len(request.packed), len(limits.packed), seconds) + request.packed + limits.packed


def withdrawal(last: int) -> bytes:
    """What a query process reads to leave all requests that came after the one of this number, and are not begun."""
    return HEAD.pack(0, 0, last)
