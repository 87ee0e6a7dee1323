"""The Python interface: what packages list as theirs (``__all__``), with signatures and docstrings.

The files are read, not imported: nothing is run, and what needs a package that is not installed is described as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from markupsafe import Markup

from kg import assets
from kg.help.docstrings import html
from kg.help.markup import anchor, code, definitions, para, pre
from kg.help.model import Name, Section

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

HEADING = "Packages and what they list"
_LEFT_OUT = ("cli", "errors", "help", "serve")
"""Edges are no interface; errors have a page of their own."""
_DEPTH = 3
"""From one package that hands a name on to the next."""


def sections() -> tuple[Section, ...]:
    """For each package that lists names: what it is, then a section for each name."""
    head = Section(anchor(HEADING), HEADING, 2)
    return (head, *(section for module, tree in _packages() for section in _of_package(module, tree)))


def _packages() -> Iterator[tuple[str, ast.Module]]:
    root = assets.package()
    for file in sorted(root.rglob("__init__.py")):
        parts = file.parent.relative_to(root).parts
        if not parts or parts[0] not in _LEFT_OUT:
            yield ".".join(("kg", *parts)), _tree(file)


def _of_package(module: str, tree: ast.Module) -> Iterator[Section]:
    names = sorted(_listed(tree), key=str.lower)
    found = [(name, _definition(tree, name)) for name in names]
    if any(definition for _, definition in found):
        yield Section(anchor(module), module, 3, html(ast.get_docstring(tree) or ""), typed=True)
        for name, definition in found:
            if definition:
                yield _section(module, name, definition)


def _listed(tree: ast.Module) -> list[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(ast.unparse(target) == "__all__" for target in node.targets):
            return list(ast.literal_eval(node.value))
    return []


def _definition(tree: ast.Module, name: str, depth: int = _DEPTH) -> Definition | None:
    """The function or class of a name: here, or where it was imported from; None for a constant."""
    for node in ast.walk(tree):
        if isinstance(node, Definition) and node.name == name:
            return node
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "kg" and depth:
            for alias in node.names:
                file = _file(node.module or "")
                if (alias.asname or alias.name) == name and file:
                    return _definition(_tree(file), alias.name, depth - 1)
    return None


def _file(module: str) -> Path | None:
    path = assets.package().joinpath(*module.split(".")[1:])
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def _section(module: str, name: str, definition: Definition) -> Section:
    full = f"{module}.{name}"
    body = pre(_signature(full, definition)) + html(ast.get_docstring(definition) or "")
    if isinstance(definition, ast.ClassDef):
        body += _members(definition)
    return Section(anchor(full), full, 4, body, (Name("python", full),), typed=True)


def _members(definition: ast.ClassDef) -> Markup:
    told = [
        (code(_short(member)), html(ast.get_docstring(member) or ""))
        for member in definition.body
        if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) and not member.name.startswith("_")
    ]
    return para(Markup("<strong>Methods and properties</strong>")) + definitions(told) if told else Markup()


def _short(member: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    if any(ast.unparse(each) in {"property", "cached_property"} for each in member.decorator_list):
        return member.name
    return _signature(member.name, member)


def _signature(name: str, definition: Definition) -> str:
    if isinstance(definition, ast.ClassDef):
        return f"class {name}({', '.join(_fields(definition))})"
    given = ast.unparse(definition.args)
    given = given.removeprefix("self, ").removeprefix("cls, ")
    given = "" if given in {"self", "cls"} else given
    returned = f" -> {ast.unparse(definition.returns)}" if definition.returns else ""
    return f"{'async ' if isinstance(definition, ast.AsyncFunctionDef) else ''}{name}({given}){returned}"


def _fields(definition: ast.ClassDef) -> Iterator[str]:
    """What a data class, or the constructor of another one, takes."""
    made = [node for node in definition.body if isinstance(node, ast.FunctionDef) and node.name == "__init__"]
    if made:
        yield from ast.unparse(made[0].args).split(", ")[1:]
    elif any("dataclass" in ast.unparse(each) for each in definition.decorator_list):
        yield from (
            ast.unparse(node)
            for node in definition.body
            if isinstance(node, ast.AnnAssign) and not ast.unparse(node.target).startswith("_")
        )
