"""Values of Python as a person would type them, and what the columns of an answer mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pyoxigraph as ox

from kg.errors import ParameterError
from kg.queries import Column

Value = str | int | float | bool | date
"""What a parameter may be given: a text as on the command line, or a value of Python."""


def typed(params: Mapping[str, Value | None]) -> dict[str, str]:
    """Values as a person would type them, without those that are None; `ParameterError` for several in place of one."""
    return {name: _text(name, value) for name, value in params.items() if value is not None}


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, ox.NamedNode | ox.Literal):
        return value.value
    if isinstance(value, Sequence) and not isinstance(value, str):
        raise ParameterError(name, f"one value, not {len(value)}")
    return str(value)


def meanings(columns: Iterable[Column]) -> dict[str, str]:
    """What columns mean and in which unit, by name, as far as that is said."""
    told = ((each.name, f"{each.meaning} ({each.unit})" if each.unit else each.meaning) for each in columns)
    return {name: meaning for name, meaning in told if meaning}
