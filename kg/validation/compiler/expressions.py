"""Constraints that look at a term and at nothing else, as SPARQL expressions; several of them share one scan.

Every expression is total: true where the term conforms, false where it does not, never an error. So they can be negated
and combined as the standard's two-valued logic wants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyoxigraph import BlankNode, Literal

from kg.store.base import Term
from kg.validation.compiler.lexical import has_datatype
from kg.validation.model import Constraint, Shape
from kg.vocabulary import SH

_LONGEST_LIST = 40
_KINDS = {
    "IRI": "isIRI({v})",
    "BlankNode": "isBlank({v})",
    "Literal": "isLiteral({v})",
    "BlankNodeOrIRI": "(!isLiteral({v}))",
    "BlankNodeOrLiteral": "(!isIRI({v}))",
    "IRIOrLiteral": "(!isBlank({v}))",
}
_COMPARED = {"minExclusive": ">", "minInclusive": ">=", "maxExclusive": "<", "maxInclusive": "<="}
_MEASURED = {"minLength": ">=", "maxLength": "<="}


class NotCompiledError(Exception):
    """A shape says what the compiler cannot say in SPARQL; the text tells what."""


def conforms(shape: Shape, variable: str) -> str | None:
    """The expression that is true where a term conforms to a node shape; None if that takes more than the term."""
    if shape.path:
        return None
    parts = [holds(constraint, variable) for constraint in shape.constraints]
    return conjunction(parts)


def holds(constraint: Constraint, variable: str, *, on_property: bool = False) -> str | None:
    """The expression that is true where a value satisfies a constraint; None if that takes more than the value.

    ``sh:hasValue`` speaks of all values together, so it is only one for a node shape, whose only value is the node.
    """
    if constraint.name == "hasValue" and on_property:
        return None
    if constraint.name == "in" and len(constraint.terms) > _LONGEST_LIST:
        return None
    written = _WRITTEN.get(constraint.name)
    return written(constraint, variable) if written else None


def conjunction(parts: Iterable[str | None]) -> str | None:
    """All of the expressions; None if one of them is None."""
    known = list(parts)
    if None in known:
        return None
    return f"({' && '.join(part for part in known if part)})" if known else "true"


def constant(term: Term) -> str:
    """A term as it stands in a query.

    Raises
    ------
    NotCompiledError
        It is a blank node, which a query cannot name.
    """
    if isinstance(term, BlankNode):
        raise NotCompiledError("a query cannot name the blank node that a constraint wants")
    return str(term)


def _of_kind(constraint: Constraint, variable: str) -> str:
    return _KINDS[_text(constraint).removeprefix(SH.namespace)].format(v=variable)


def _compared(constraint: Constraint, variable: str) -> str:
    return f"COALESCE({variable} {_COMPARED[constraint.name]} {constant(constraint.term)}, false)"


def _measured(constraint: Constraint, variable: str) -> str:
    length = f"STRLEN(STR({variable})) {_MEASURED[constraint.name]} {int(_text(constraint))}"
    return f"(!isBlank({variable}) && {length})"


def _matched(constraint: Constraint, variable: str) -> str:
    flags = f", {Literal(constraint.flags)}" if constraint.flags else ""
    return f"(!isBlank({variable}) && REGEX(STR({variable}), {Literal(_text(constraint))}{flags}))"


def _in_language(constraint: Constraint, variable: str) -> str:
    tags = [f"LANGMATCHES(LANG({variable}), {term})" for term in constraint.terms]
    return f"(isLiteral({variable}) && ({' || '.join(tags) or 'false'}))"


def _one_of(constraint: Constraint, variable: str) -> str:
    """By term: 1 and 1.0 are two (section 4.8.3), so this is not SPARQL's ``IN``."""
    return f"({' || '.join(f'sameTerm({variable}, {constant(term)})' for term in constraint.terms) or 'false'})"


def _logical(constraint: Constraint, variable: str) -> str | None:
    parts = [conforms(shape, variable) for shape in constraint.shapes]
    if None in parts:
        return None
    if constraint.name == "not":
        return f"(!{parts[0]})"
    if constraint.name == "xone":
        return f"({' + '.join(f'IF({part}, 1, 0)' for part in parts)} = 1)"
    operator = " || " if constraint.name == "or" else " && "
    return f"({operator.join(part for part in parts if part) or ('false' if constraint.name == 'or' else 'true')})"


def _text(constraint: Constraint) -> str:
    return getattr(constraint.term, "value", "")


_WRITTEN: dict[str, Callable[[Constraint, str], str | None]] = {
    "datatype": lambda constraint, variable: has_datatype(variable, _text(constraint)),
    "nodeKind": _of_kind,
    **dict.fromkeys(_COMPARED, _compared),
    **dict.fromkeys(_MEASURED, _measured),
    "pattern": _matched,
    "languageIn": _in_language,
    "in": _one_of,
    "hasValue": _one_of,
    **dict.fromkeys(("not", "and", "or", "xone", "node"), _logical),
}
