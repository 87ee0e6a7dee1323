"""The command line as Typer knows it: each command with its usage, arguments, options and defaults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from kg.help.markdown import block, inline
from kg.help.markup import anchor, code, definitions, para, pre
from kg.help.model import Name, Section


def sections(root: Any) -> tuple[Section, ...]:
    """A section for each command that does something.

    Parameters
    ----------
    root
        The command line as a command of Click.
    """
    own = _options(root, "kg")
    epilog = para(inline(root.epilog)) if getattr(root, "epilog", None) else Markup()
    head = Section("all-commands", "All commands", 2, own + epilog)
    return (head, *(_section(words, command) for words, command in leaves(root)))


def leaves(command: Any, words: str = "kg") -> Iterator[tuple[str, Any]]:
    """Commands that do something, by what one types."""
    below = getattr(command, "commands", None)
    if below is None:
        yield words, command
    else:
        for name, each in below.items():
            if not each.hidden:
                yield from leaves(each, f"{words} {name}")


def _section(words: str, command: Any) -> Section:
    usage = re.sub(r"^usage:\s*", "", command.get_usage(_context(command, words)), flags=re.IGNORECASE)
    body = pre(" ".join(usage.split())) + block(command.help or "") + _options(command, words)
    return Section(anchor(words), words, 3, body, (Name("command", words),), typed=True)


def _options(command: Any, words: str) -> Markup:
    context = _context(command, words)
    records = (parameter.get_help_record(context) for parameter in command.params)
    return definitions((code(record[0]), inline(_plain(record[1])) or "…") for record in records if record)


def _plain(text: str) -> str:
    """Help texts are no Markdown: what would be a mark is written out, but for code."""
    return re.sub(r"([*_\[\]<>])", r"\\\1", text)


def _context(command: Any, words: str) -> Any:
    return type(command).context_class(command, info_name=words)
