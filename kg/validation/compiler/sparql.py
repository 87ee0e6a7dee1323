"""SPARQL constraints and custom components of SHACL, each as one query over all its focus nodes.

SHACL-SPARQL defines a constraint as a query evaluated with ``$this`` bound to one focus node after the other
(https://www.w3.org/TR/shacl/#sparql-constraints). `kg.validation.compiler.prebinding` writes it so that one
evaluation answers for all; here are the parts around it: what may not be asked at all, ASK validators over value nodes,
and what a solution says of path, value and message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from textwrap import shorten

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode

from kg.sparql.groups import Select, variables, words
from kg.sparql.reading import read
from kg.sparql.tokens import TOKEN
from kg.store.base import Row, Term
from kg.validation.compiler.domains import nullable
from kg.validation.compiler.prebinding import Writer
from kg.validation.compiler.rules import problems, unlike
from kg.validation.messages import filled, preferred, unsatisfied
from kg.validation.model import Constraint, Query, Shape, named
from kg.validation.paths import Path

_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_FORBIDDEN = {
    "SERVICE": "say it with the data of this store",
    "VALUES": "say it with FILTER, IN or UNION",
    "MINUS": "say it with FILTER NOT EXISTS",
    "FROM": "constraints look at the data graph",
}
_PREFIX = re.compile(r"(?:[^\W\d_][\w.-]*)?:")
_COUNTING = frozenset({"GROUP", "COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT"})


@dataclass(frozen=True)
class Violations:
    """A SELECT without prologue whose solutions are violations: ``?this``, and of ``variables`` what is bound.

    It can run as it is, or stand in braces as a sub-select.
    """

    select: str
    variables: tuple[str, ...]


def refused(query: Query, path: Path | None) -> str:
    """What the standard forbids in a query, in words; empty if it is well-formed."""
    text = query.prefixes + query.text
    words = [word.upper() for word in TOKEN.findall(text)]
    for keyword in sorted(_FORBIDDEN.keys() & set(words)):
        return f"{keyword} is not allowed in a SPARQL constraint; {_FORBIDDEN[keyword]}"
    form = next((place for place, word in enumerate(words) if word in _FORMS), 0)
    if "BASE" in words[:form]:
        return "BASE is not supported; write IRIs in full, or with prefixes"
    if error := _syntax_error(text):
        return f"the {query.form.upper()} is not SPARQL: {error}"
    if words[form] != query.form.upper():
        return f"expected a query of the form {query.form.upper()}, not {words[form]}"
    names = ["this", *(["value"] if query.form == "ask" else []), *query.parameters]
    return next(problems(read(text), names, has_path=path is not None), "")


def _syntax_error(text: str) -> str:
    """What is not SPARQL in a query, in one line; empty if nothing.

    Oxigraph takes an ASK for ``SELECT *``, which GROUP BY and HAVING do not allow; the grammar allows them in an ASK.
    """
    form = next((word for word in TOKEN.finditer(text) if word[0].upper() in _FORMS), None)
    try:
        ox.Store().query(text)
    except SyntaxError as error:
        if form and form[0].upper() == "ASK":
            return _syntax_error(f"{text[: form.start()]}SELECT (COUNT(*) AS ?askedRows) {text[form.end() :]}")
        for prefix in _undeclared(text):
            return f"the prefix {prefix} is declared neither in it nor by its sh:prefixes"
        return shorten(str(error), 160, placeholder=" …")
    return ""


def _undeclared(text: str) -> list[str]:
    """The prefixes that a text uses and does not declare: of these Oxigraph only says that it expected something."""
    words = TOKEN.findall(text)
    declared = {name for keyword, name in pairwise(words) if keyword.upper() == "PREFIX"}
    used = [name[0] for name in map(_PREFIX.match, words) if name]
    return [name for name in used if name not in declared]


def uncompiled(shape: Shape, constraint: Constraint) -> str:
    """Why the violations cannot be found for all focus nodes at once; empty if they can."""
    query = _query(constraint)
    tree = read(query.prefixes + query.text)
    asked = variables(tree)
    known = {**dict(query.arguments), "currentShape": shape.node}
    for name in sorted(asked & known.keys()):
        if isinstance(known[name], BlankNode):
            return f"${name} is a blank node, which a query cannot name"
    return unlike(tree) or (_unwritable(shape, constraint) if asked & known.keys() else "")


def violations(shape: Shape, constraint: Constraint, domain: str, *, many: bool = False) -> Violations:
    """The violations of a SPARQL constraint or custom component (sections 5 and 6) over a domain.

    Parameters
    ----------
    domain
        A graph pattern, IRIs in full, that binds ``?this`` to the focus nodes and nothing else that is in scope.
    many
        Whether there are so many nodes that reading a predicate is cheaper than a look-up for each.

    Notes
    -----
    Of an ASK the value nodes are asked about, so ``?value`` is among the variables. A node of several classes may give
    a violation more than once where there are many nodes and nothing is counted: telling them apart takes as long as
    finding them, and equal results are one.
    """
    tree, constants = _tree(shape, constraint)
    once = "DISTINCT " * (not many or any(word.upper in _COUNTING for word in words(tree)))
    nodes = f"SELECT {once}?this {{ {domain} }}"
    if tree.form == "SELECT":
        writer = Writer(frozenset({"this"}), nodes, constants, many)
        projected = tuple(name for name in tree.projected if name != "this" and name not in constants)
        return Violations(writer.select(tree), projected)
    pairs = f"SELECT DISTINCT ?this ?value {{ {_values(shape, nodes)} }}"
    writer = Writer(frozenset({"this", "value"}), pairs, constants)
    condition = writer.condition(tree.group)
    wrong = f"!{condition}" if condition else f"NOT EXISTS {writer.group(tree.group, exists=True)}"
    return Violations(f"SELECT DISTINCT ?this ?value {{ {_values(shape, nodes)} FILTER({wrong}) }}", ("value",))


def _values(shape: Shape, nodes: str) -> str:
    """The pattern of focus nodes and their value nodes (section 3.7); a path of no step leads to the node itself."""
    itself = f"{{ {nodes} }} BIND(?this AS ?value)"
    if shape.path is None:
        return itself
    beyond = f"{{ {nodes} }} ?this {shape.path.sparql} ?value ."
    return f"{{ {beyond} }} UNION {{ {itself} }}" if nullable(shape.path) else beyond


def standing(shape: Shape, constraint: Constraint) -> str:
    """The query with all written in that is the same for every focus node: names in full, path and parameters."""
    tree, constants = _tree(shape, constraint)
    return Writer(constants=constants).select(tree)


def path_of(shape: Shape, row: Row) -> Path | None:
    """The path of a result (section 5.3.2): what the query found, else that of the shape."""
    path = row.get("path")
    return Path.predicate(path.value) if isinstance(path, NamedNode) else shape.path


def value_of(shape: Shape, row: Row) -> Term | None:
    """The value of a result (section 5.3.2): what the query found, else of a node shape the focus node."""
    return row.get("value", row["this"] if shape.path is None else None)


def message_of(shape: Shape, constraint: Constraint, row: Row) -> str:
    """The message of a result: what the query says, else its text or that of the shape, with what the query found."""
    query = _query(constraint)
    if isinstance(said := row.get("message"), Literal):
        return said.value
    text = preferred(query.messages) or preferred(shape.messages)
    terms = {"currentShape": shape.node, **dict(query.arguments), **row}
    return filled(text.value, terms) if text else unsatisfied(named(query.node))


def _query(constraint: Constraint) -> Query:
    if constraint.query is None:
        raise TypeError(f"{constraint.name} has no query")
    return constraint.query


def _tree(shape: Shape, constraint: Constraint) -> tuple[Select, dict[str, str]]:
    query = _query(constraint)
    constants = {name: str(term) for name, term in (*query.arguments, ("currentShape", shape.node))}
    if shape.path:
        constants["PATH"] = shape.path.sparql if shape.path.operator == "predicate" else f"({shape.path.sparql})"
    return read(query.prefixes + query.text), constants


def _unwritable(shape: Shape, constraint: Constraint) -> str:
    try:
        ox.Store().query(standing(shape, constraint))
    except SyntaxError:
        return "a parameter stands where SPARQL has no place for its value"
    return ""
