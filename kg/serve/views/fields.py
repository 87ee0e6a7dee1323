"""The form of a named query: a field for each parameter, with what can be given in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.queries import Parameter
from kg.queries.values import Choice
from kg.serve.named.asking import Asking

_SELECTED = 40
"""Of more things than that one is typed, with the others as suggestions."""
_PATTERNS: Mapping[str, Mapping[str, str]] = {
    "date": {"pattern": r"\d{4}-\d{2}-\d{2}", "placeholder": "2020-12-31"},
    "year": {"pattern": r"\d{4}", "placeholder": "2020", "inputmode": "numeric"},
    "integer": {"pattern": r"[+\-]?\d{1,18}", "inputmode": "numeric"},
    "decimal": {"pattern": r"[+\-]?\d{1,20}(\.\d{1,18})?", "inputmode": "decimal"},
}


@dataclass(frozen=True)
class Field:
    """One field: a list to choose from, or a text with suggestions; ``attributes`` are those of the input in HTML."""

    parameter: Parameter
    value: str
    options: tuple[tuple[str, str], ...] = ()
    typed: bool = True
    attributes: Mapping[str, str] = field(default_factory=dict)


async def fields(
    asking: Asking, parameters: Iterable[Parameter], values: Mapping[str, str], language: str
) -> list[Field]:
    """A field for each parameter, filled with the value that was given, else with the default."""
    return [await _field(asking, each, values.get(each.name), language) for each in parameters]


async def _field(asking: Asking, each: Parameter, given: str | None, language: str) -> Field:
    value = given or each.default or ""
    if each.type == "boolean":
        return Field(each, value, (("true", "true"), ("false", "false")), typed=False)
    listed = await asking.choices(each) or ()
    if 0 < len(listed) <= _SELECTED:
        return Field(each, value, (*_others(each, value, listed), *_options(listed, language)), typed=False)
    return Field(each, value, tuple(_options(listed, language)), attributes=_PATTERNS.get(each.type, {}))


def _options(listed: Sequence[Choice], language: str) -> list[tuple[str, str]]:
    return [(choice.short, choice.label(language) or choice.short) for choice in listed]


def _others(each: Parameter, value: str, listed: Sequence[Choice]) -> list[tuple[str, str]]:
    """What can be chosen beside the things: none of them, if that may be; and what was given by another name."""
    nothing = [] if each.required or each.default is not None else [("", "")]
    known = value in {choice.short for choice in listed} or not value
    return nothing if known else [*nothing, (value, value)]
