"""Docstrings in numpydoc's form (https://numpydoc.readthedocs.io/en/latest/format.html) to HTML.

A section is a heading underlined with hyphens. Definitions in it, a line and what is indented below, become a list of
definitions; anything else is read as Markdown, with the roles of reStructuredText that the code uses turned into code.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from markupsafe import Markup

from kg.help.markdown import block, inline
from kg.help.markup import definitions, para, pre

_UNDERLINED = re.compile(r"^(?P<title>[A-Z][A-Za-z ]+)\n-{3,}\n", re.MULTILINE)
_DEFINED = frozenset({"Parameters", "Attributes", "Returns", "Yields", "Raises", "Warns", "Other Parameters"})
_DOUBLE = re.compile(r"``(.+?)``")
_LITERAL = re.compile(r"::\n(?=\n)")


def html(docstring: str) -> Markup:
    """The text, then each section under its name."""
    text, *rest = _UNDERLINED.split(inspect.cleandoc(docstring))
    found = block(_markdown(text))
    for title, content in zip(rest[::2], rest[1::2], strict=True):
        found += para(Markup("<strong>{}</strong>").format(title)) + _section(title, content)
    return found


def _section(title: str, content: str) -> Markup:
    if title == "Examples":
        return pre(inspect.cleandoc(content))
    if title in _DEFINED:
        return definitions((inline(f"`{name}`"), block(_markdown(meaning)) or "…") for name, meaning in _pairs(content))
    return block(_markdown(content))


def _pairs(content: str) -> Iterator[tuple[str, str]]:
    """Lines that begin at the margin, each with what is indented below it."""
    name, meaning = "", list[str]()
    for line in [*content.splitlines(), "\0"]:
        if line[:1].isspace() or not line:
            meaning.append(line)
            continue
        if name:
            yield name, inspect.cleandoc("\n".join(["", *meaning]))
        name, meaning = line.rstrip(), []


def _markdown(text: str) -> str:
    return _DOUBLE.sub(r"`\1`", _LITERAL.sub(":\n", text))
