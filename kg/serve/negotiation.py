"""Which of the formats that can be written suits the client: ``Accept`` with its weights, or ``?format=``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from kg.errors import NotAcceptableError, ParameterError

RESULTS: Mapping[str, str] = {
    "srj": "application/sparql-results+json",
    "json": "application/json",
    "srx": "application/sparql-results+xml",
    "xml": "application/xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
"""Formats of SPARQL results by the name that ``?format=`` takes; the first counts when the client has no wish."""

GRAPHS: Mapping[str, str] = {
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
    "trig": "application/trig",
    "nquads": "application/n-quads",
}
"""Formats of RDF graphs, likewise."""

DATASETS: Mapping[str, str] = {name: GRAPHS[name] for name in ("trig", "nquads")}
"""Formats of RDF datasets, likewise."""

EXTENSIONS = {"ttl": "turtle", "nt": "ntriples", "nq": "nquads", "rdf": "rdfxml"}
"""Other names that ``?format=`` takes: the extensions of files."""

HTML = "text/html"
"""What a person reads. Offered last, it is chosen only where the client prefers it to all else."""

_WEIGHT = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


def chosen(offered: Mapping[str, str], *, accept: str, name: str | None) -> str:
    """The media type to answer with: the one named, else the one preferred.

    Raises
    ------
    ParameterError
        No format has this name.
    NotAcceptableError
        The client takes none of those offered.
    """
    if name is not None:
        if name not in offered:
            raise unknown_format(offered)
        return offered[name]
    if media_type := preferred(accept, tuple(offered.values())):
        return media_type
    raise NotAcceptableError(accept, tuple(offered.values()))


def named(name: str) -> tuple[str | None, str | None]:
    """The format of results and the format of graphs that a name stands for: that of a table, an extension of files, or
    the media type itself, of which an address may have turned the plus into a space.

    Raises
    ------
    ParameterError
        It stands for none.

    Examples
    --------
    >>> named("ttl"), named("application/sparql-results json")
    ((None, 'text/turtle'), ('application/sparql-results+json', None))
    """
    key = EXTENSIONS.get(name, name)
    media_type = name.lower().replace(" ", "+")
    results, graphs = (table.get(key, media_type) for table in (RESULTS, GRAPHS))
    found = (results if results in RESULTS.values() else None, graphs if graphs in GRAPHS.values() else None)
    if not any(found):
        raise unknown_format(RESULTS, GRAPHS, {"html": HTML})
    return found


def unknown_format(*offered: Mapping[str, str]) -> ParameterError:
    """What to raise for a name that is in none of the tables."""
    return ParameterError("format", f"one of {', '.join(name for table in offered for name in table)}")


@lru_cache(maxsize=256)  # clients have few wishes, and to weigh them takes as long as all else that is read here
def preferred(accept: str, offered: tuple[str, ...]) -> str | None:
    """The media type that the client likes best, the earlier one of equals; None if it takes none.

    Notes
    -----
    The most specific range that fits a type gives its weight (RFC 9110, section 12.5.1). Parameters of a range other
    than ``q`` are not looked at; a range with a weight that is no number is passed over; an empty header is no wish.

    Examples
    --------
    >>> preferred("text/*;q=0.5, text/csv", ("text/html", "text/csv"))
    'text/csv'
    >>> preferred("text/*, text/csv;q=0", ("text/csv",)) is None
    True
    """
    ranges = dict(weighted(accept)) if accept.strip() else {"*/*": 1.0}
    best = max(offered, key=lambda media_type: _weight(media_type, ranges))
    return best if _weight(best, ranges) > 0 else None


def _weight(media_type: str, ranges: Mapping[str, float]) -> float:
    for candidate in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if candidate in ranges:
            return ranges[candidate]
    return 0.0


def weighted(header: str) -> Iterator[tuple[str, float]]:
    """What a header of preferences names, in lower case, each with its weight; one that is no number passed over."""
    for part in header.lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
        if _WEIGHT.fullmatch(weight):
            yield media_range, float(weight)
