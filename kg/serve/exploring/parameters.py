"""What the address of a request says: numbers within their ranges, choices, things."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from urllib.parse import unquote

import pyoxigraph as ox
from starlette.requests import Request as HttpRequest

from kg.errors import ParameterError
from kg.explore import naming
from kg.explore.links import BOTH, DIRECTIONS, Chosen

MOST_TERMS = 50
"""Properties or classes that one request may name."""
_NUMBER = re.compile(r"[0-9]{1,9}")


def check(http: HttpRequest, known: Collection[str]) -> None:
    """Refuse names that this address does not know, as a misspelt filter would give the answer to another question.

    Raises
    ------
    ParameterError
        One is unknown, or its value is no text.
    """
    for name, value in http.query_params.multi_items():
        if name not in known:
            raise ParameterError(name, f"one of {', '.join(sorted(known))}")
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ParameterError(name, "text in UTF-8") from error


def number(http: HttpRequest, name: str, default: int, most: int, *, least: int = 1) -> int:
    """A whole number from ``least`` to ``most``."""
    text = http.query_params.get(name)
    if text is None:
        return default
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise ParameterError(name, f"a whole number from {least} to {most:,}")
    return int(text)


def word(http: HttpRequest, name: str, choices: Sequence[str], default: str) -> str:
    """One of some words."""
    text = http.query_params.get(name, default)
    if text not in choices:
        raise ParameterError(name, f"one of {', '.join(choices)}", choices)
    return text


def chosen(http: HttpRequest, *, without: tuple[str, ...] = ()) -> Chosen:
    """Which links count.

    Parameters
    ----------
    without
        Properties that do not, unless they are asked for.
    """
    properties, left_out, classes = (terms(http, name) for name in ("property", "without", "class"))
    direction = word(http, "direction", DIRECTIONS, BOTH)
    own = tuple(name for name in without if name not in properties)
    return Chosen(properties, tuple(dict.fromkeys((*left_out, *own))), classes, direction)


def terms(http: HttpRequest, name: str) -> tuple[str, ...]:
    """The IRIs of the properties or classes that a parameter names."""
    given = [text for text in http.query_params.getlist(name) if text]
    if len(given) > MOST_TERMS:
        raise ParameterError(name, f"at most {MOST_TERMS} of them")
    return naming.terms(given, name)


def one(http: HttpRequest, name: str = "iri") -> ox.NamedNode:
    """The one thing that a parameter names."""
    (found,) = several(http, name, 1, 1)
    return found


def several(http: HttpRequest, name: str, least: int, most: int) -> tuple[ox.NamedNode, ...]:
    """The things that a parameter names, each once, in their order."""
    found = tuple(dict.fromkeys(naming.thing(text, name) for text in http.query_params.getlist(name)))
    if not least <= len(found) <= most:
        many = f"{least} to {most} different things" if least < most else "one thing" if most == 1 else f"{most} things"
        raise ParameterError(name, f"{many}, each an IRI, a CURIE, or a path as in org/ncste")
    return found


def in_path(http: HttpRequest, place: str) -> ox.NamedNode:
    """The thing that the rest of the path names, percent-encoded or not; of an IRI with a slash both are the same."""
    raw: bytes = http.scope.get("raw_path") or http.scope["path"].encode()
    rest = raw.decode("latin-1").partition("?")[0].removeprefix(place)
    try:
        return naming.thing(unquote(rest, errors="strict"))
    except UnicodeDecodeError as error:
        raise ParameterError("iri", "text in UTF-8, percent-encoded") from error
