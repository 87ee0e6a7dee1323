"""The words before a query's form, which say what its relative and prefixed names stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

import pyoxigraph as ox

from kg.sparql.tokens import TOKEN

_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_EMPTY = ox.Store()


def words(text: str) -> list[re.Match[str]]:
    """The words and signs of a text with their places, without comments."""
    return [match for match in TOKEN.finditer(text) if not match[0].startswith("#")]


def is_name(word: str) -> bool:
    """Whether a word is an IRI in brackets or a prefixed name."""
    return (word[0] == "<" and len(word) > 1) or (":" in word and word[0] not in "\"'_?$@")


def iris(query: str, found: Sequence[re.Match[str]], names: Sequence[str], base: str | None) -> list[str]:
    """What names of a query stand for, as the engine reads them behind the same prologue.

    Parameters
    ----------
    found
        The `words` of the query.
    names
        IRIs in brackets, or prefixed names.

    Raises
    ------
    SyntaxError
        One is neither.
    """
    prologue = query[: next((word.start() for word in found if word[0].upper() in _FORMS), 0)]
    columns = " ".join(f"({name} AS ?g{number})" for number, name in enumerate(names))
    (solution,) = cast(ox.QuerySolutions, _EMPTY.query(f"{prologue}SELECT {columns} {{}}", base_iri=base))
    return [solution[f"g{number}"].value for number in range(len(names))]
