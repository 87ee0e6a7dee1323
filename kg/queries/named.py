"""A named query: what its file says of it, how values get into it, how it is run.

Comes from `kg.queries.files`, goes to the command line and the service. It never changes data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.errors import ParameterError
from kg.queries.ordering import totally_ordered
from kg.queries.parameters import Parameter
from kg.queries.table import Table
from kg.queries.terms import NUMBER, kinds
from kg.store.base import Store

PARAMETER_LINE = re.compile(
    r"^(?P<before>[ \t]*VALUES \?(?P<name>\w+) \{ )(?P<term>[^{}\n]+?)(?P<after> \}[ \t]*)$", re.MULTILINE
)


@dataclass(frozen=True)
class Column:
    """One variable of the result: what it means and, for a number, its unit."""

    name: str
    meaning: str
    unit: str | None = None


@dataclass(frozen=True)
class NamedQuery:
    """One query file. ``name`` is ``family/name``; ``text`` is the whole file and runs as it stands."""

    name: str
    summary: str
    question: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    tags: tuple[str, ...]
    source: str
    text: str
    path: Path
    network: Mapping[str, Any] = field(default_factory=dict)
    """What the header says of a network that the rows make (`kg.analysis.definitions`); empty if they make none."""

    def bind(self, values: Mapping[str, str]) -> str:
        """The query for these values: each parameter's term in the text is swapped for the value's.

        Raises
        ------
        ParameterError
            A value has the wrong type, a required one is missing, or no parameter has that name.
        """
        return self._bound(self.text, values)

    def ordered(self, values: Mapping[str, str]) -> str:
        """The same with a total order, so that its rows can be given in pages; errors as for `bind`."""
        return self._bound(self._ordered, values)

    @cached_property
    def _ordered(self) -> str:
        return totally_ordered(self.text, [column.name for column in self.columns])

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """What kind of value a column holds, of those that have one: see `kg.queries.terms.kinds`.

        What has a unit is a number, if nothing else is known of it.
        """
        seen = kinds(self.text)
        told = ((each.name, seen.get(each.name) or (NUMBER if each.unit else None)) for each in self.columns)
        return {name: kind for name, kind in told if kind}

    def _bound(self, text: str, values: Mapping[str, str]) -> str:
        self.refuse_unknown(values)
        terms = {parameter.name: _written(parameter, values.get(parameter.name)) for parameter in self.parameters}

        def swapped(line: re.Match[str]) -> str:
            return f"{line['before']}{terms.get(line['name'], line['term'])}{line['after']}"

        return PARAMETER_LINE.sub(swapped, text)

    def run(self, store: Store, values: Mapping[str, str] | None = None) -> Table:
        """The answer of a store for these values; errors as for `bind` and `Store.select`."""
        return self.answer(store, self.bind(values or {}))

    def answer(self, store: Store, text: str) -> Table:
        """The answer of a store to what `bind` or `ordered` gave; errors as for `Store.select`."""
        names = tuple(column.name for column in self.columns)
        rows = store.select(text)
        return Table(names, tuple(tuple(row.get(name) for name in names) for row in rows))

    def refuse_unknown(self, values: Mapping[str, str]) -> None:
        """Raise `ParameterError` for a value that no parameter is called after; it names those there are."""
        known = sorted(parameter.name for parameter in self.parameters)
        for name in values:
            if name not in known:
                raise ParameterError(name, f"one of {', '.join(known)}" if known else "no parameters at all", known)


def _written(parameter: Parameter, value: str | None) -> str:
    """The term as SPARQL text, written by the RDF library."""
    value = parameter.default if value is None else value
    if value is not None:
        return str(parameter.term(value))
    if parameter.required:
        raise ParameterError(parameter.name, f"a value, for example {parameter.example}")
    return "UNDEF"
