"""What results say: the shape's own message with its placeholders filled, or the constraint in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from pyoxigraph import Literal

from kg.store.base import Term
from kg.validation.model import Constraint, Shape
from kg.validation.terms import readable

PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")
_IN_WORDS = {
    "class": "This is not an instance of {}.",
    "datatype": "This is not a literal of the datatype {}.",
    "nodeKind": "This is not of the kind {}.",
    "minCount": "There are fewer values than {}.",
    "maxCount": "There are more values than {}.",
    "minExclusive": "This is not greater than {}.",
    "minInclusive": "This is not {} or greater.",
    "maxExclusive": "This is not less than {}.",
    "maxInclusive": "This is not {} or less.",
    "minLength": "This is shorter than {} characters.",
    "maxLength": "This is longer than {} characters.",
    "pattern": "This does not match {}.",
    "languageIn": "This is in none of the languages {}.",
    "uniqueLang": "There are several values in the language {language}.",
    "equals": "{} does not have the same values.",
    "disjoint": "This is a value of {} too.",
    "lessThan": "This is not less than {other}, a value of {}.",
    "lessThanOrEquals": "This is not less than {other}, a value of {}, nor equal to it.",
    "not": "This conforms to {}, and must not.",
    "and": "This does not conform to all of {}.",
    "or": "This conforms to none of {}.",
    "xone": "This does not conform to exactly one of {}.",
    "node": "This does not conform to {}.",
    "qualifiedMinCount": "Fewer values than {} conform to {shape}.",
    "qualifiedMaxCount": "More values than {} conform to {shape}.",
    "closed": "The shape is closed, and {path} is none of its properties.",
    "hasValue": "The value {} is missing.",
    "in": "This is none of {}.",
}


def text(shape: Shape, constraint: Constraint, row: Mapping[str, Term], found: Collection[Term]) -> str:
    """The message of a result: of a row of a check, with the values found where the shape has a path."""
    said = preferred(shape.messages)
    message = _in_words(constraint, row) if said is None else filled(said.value, _known(constraint, row))
    if not found:
        return message
    return f"{message} Found: {', '.join(sorted(map(readable, found)))}."


def preferred(messages: Sequence[Literal]) -> Literal | None:
    """The message for a report: without language, else in English, else the first."""
    by_preference = sorted(messages, key=lambda message: (bool(message.language), message.language != "en"))
    return by_preference[0] if by_preference else None


def filled(message: str, terms: Mapping[str, Term]) -> str:
    """A message with terms in place of ``{$name}`` and ``{?name}``; what has no value stays (section 5.2.3)."""
    return PLACEHOLDER.sub(lambda name: readable(terms[name[1]]) if name[1] in terms else name[0], message)


def unsatisfied(query: str) -> str:
    """What is said where neither a query nor its shape has a message."""
    return f"This does not satisfy {query}."


def _known(constraint: Constraint, row: Mapping[str, Term]) -> dict[str, Term]:
    parameter = {constraint.name: constraint.terms[0]} if len(constraint.terms) == 1 else {}
    return {**parameter, **row}


def _in_words(constraint: Constraint, row: Mapping[str, Term]) -> str:
    names = [shape.name for shape in constraint.shapes]
    values = ", ".join(map(readable, constraint.terms)) or ", ".join(names)
    shown = {name: readable(term) for name, term in row.items()}
    return _IN_WORDS[constraint.name].format(values, shape=next(iter(names), ""), **shown)
