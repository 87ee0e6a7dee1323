"""From the JSON of a schema to its columns, and the columns that its keys and titles refer to."""

from __future__ import annotations

from collections.abc import Mapping

from kg.csvw.annotations import check_common
from kg.csvw.columns import INHERITED, column
from kg.csvw.document import Node, as_object
from kg.csvw.metadata import Column


def columns(
    schema: Node, inherited: Mapping[str, Node], *, suppressed: bool, language: str | None
) -> tuple[Column, ...]:
    """The columns of a schema in their order.

    Raises
    ------
    SourceFormatError
        Two have one name, a virtual one stands before another; strictly read, a template uses what is no column.
    """
    inherited = {key: value for key, value in inherited.items() if key in INHERITED}
    if schema.notes.strict:
        schema.require("columns")
    nodes = schema.get("columns", lambda found: found.each(as_object), ())
    found = tuple(
        column(node, inherited, suppressed=suppressed, number=number, language=language)
        for number, node in enumerate(nodes, 1)
    )
    names = [item.name for item in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise schema.forbidden(f"two columns are called {min(twice)}")
    for item, node, previous in zip(found[1:], nodes[1:], found, strict=False):
        if previous.virtual and not item.virtual:
            raise node.forbidden("stands after a virtual column; virtual columns come last")
    for item, node in zip(found, nodes, strict=True):
        check_common(node)
        if schema.notes.strict:
            _check_variables(item, node, found)
    return found


def _check_variables(item: Column, node: Node, columns: tuple[Column, ...]) -> None:
    usable = {other.name for other in columns if not other.virtual and other.separator is None}
    for template in item.statement.templates if item.statement else ():
        for variable in template.variables:
            if variable.name not in usable | {"_row", "_sourceRow"}:
                known = ", ".join(sorted(usable))
                raise node.wrong(f"{template.text!r} uses {variable.name!r}; usable, one value a cell: {known}")


def references(
    node: Node, columns: tuple[Column, ...], *, lists: bool = False, forbidden: bool = False
) -> tuple[str, ...]:
    """The columns of a key: each of the file, with one value a cell unless ``lists`` may be named."""
    known = {item.name: item for item in columns if item.named and not item.virtual}
    for item in node.one_or_more():
        if item.text() not in known:
            message = f"{item.text()!r} is no column of the table (columns: {', '.join(known)})"
            raise item.forbidden(message) if forbidden else item.wrong(message)
        if known[item.text()].separator is not None and not lists:
            raise item.wrong(f"{item.text()!r} holds lists (separator), which cannot be part of a key")
    return tuple(item.text() for item in node.one_or_more())
