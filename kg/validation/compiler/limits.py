"""Numbers that bound what is written: of values, and of characters in a query."""

from __future__ import annotations

from kg.validation.compiler.expressions import NotCompiledError
from kg.validation.model import Constraint

COUNTS = frozenset({"minCount", "maxCount"})
LONGEST = 1_000_000
"""Characters of a query; with the nesting of shapes it grows, and engines refuse what is longer or take very long."""


def limits(counts: dict[str, Constraint]) -> tuple[int, int | None]:
    """The least and the greatest number of values that constraints allow."""
    number = {name: int(getattr(constraint.term, "value", 0)) for name, constraint in counts.items()}
    return number.get("minCount", 0), number.get("maxCount")


def within_limit(query: str) -> str:
    """The text, if it is not too long for a query."""
    if len(query) > LONGEST:
        raise NotCompiledError(f"its shapes are nested so much that a query has over {LONGEST:,} characters")
    return query
