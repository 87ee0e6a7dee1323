"""Errors: the word that both edges print, exit code, status, and what to do."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from kg import errors
from kg.help.docstrings import html
from kg.help.markup import anchor, code, definitions
from kg.help.model import Name, Section


def sections() -> tuple[Section, ...]:
    """A section for each error, by exit code."""
    found = sorted(ours(errors.KgError), key=lambda error: error.exit_code)
    return (Section("all-errors", "All errors", 2), *map(_section, found))


def ours(error: type[errors.KgError]) -> Iterator[type[errors.KgError]]:
    """An error and all that are special cases of it."""
    yield error
    for special in error.__subclasses__():
        if special.__module__.startswith(f"{errors.__name__}."):
            yield from ours(special)


def _section(error: type[errors.KgError]) -> Section:
    above = error.__bases__[0]
    told = (
        ("exit code", str(error.exit_code)),
        ("HTTP status", str(error.http_status)),
        ("in Python", code(f"kg.errors.{error.__name__}")),
        ("a case of", code(above.code) if issubclass(above, errors.KgError) else ""),
    )
    body = html(inspect.getdoc(error) or "") + definitions(told)
    return Section(anchor(error.code), error.code, 3, body, (Name("error", error.code),), typed=True)
