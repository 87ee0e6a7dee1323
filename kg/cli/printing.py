"""Ways of printing that commands share: text, tables, JSON, and the step that is under way."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

_WIDE = 10_000
_SHORT_IRI = re.compile(r"[a-z]\w*:(?!//)[^\s:]*/([^\s:/]+)")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Print text as it is: square brackets in data are no markup."""
    out.print(text, markup=False)


def note(text: str) -> None:
    """Print to standard error, beside the result: notes, progress, what to do next."""
    err.print(text, markup=False)


def print_json(value: Any) -> None:
    """Print a value as JSON; what JSON does not know becomes text."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, title: str | None = None) -> None:
    """Print rows as a table, in a pipe as wide as the rows need.

    On a terminal nothing is cut: a table that is too wide is tried with the last part of IRIs only, and if that does
    not help each row is printed as a record.
    """
    full = [tuple(row) for row in rows]
    if not out.is_terminal:
        Console(highlight=False, width=_WIDE).print(_table(columns, full, title))
        return
    brief = [tuple(_SHORT_IRI.sub(r"\1", cell) if _SHORT_IRI.fullmatch(cell) else cell for cell in row) for row in full]
    for table in (_table(columns, full, title), _table(columns, brief, title)):
        if out.measure(table, options=out.options.update(max_width=_WIDE)).maximum <= out.width:
            out.print(table)
            return
    _print_records(columns, full, title)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]], title: str | None) -> Table:
    table = Table(*columns, title=title, box=None, pad_edge=False, header_style="bold", title_justify="left")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _print_records(columns: Sequence[str], rows: Iterable[Sequence[str]], title: str | None) -> None:
    """Print each row as lines of name and value, where there is a value."""
    records = [
        "\n".join(f"{name}: {value}" if name else value for name, value in zip(columns, row, strict=True) if value)
        for row in rows
    ]
    say("\n\n".join([title, *records] if title else records))


@contextmanager
def steps() -> Iterator[Progress]:
    """A place to show long work: a line that changes on a terminal, nothing in a pipe."""
    if not err.is_terminal:
        yield Progress()
        return
    with err.status("starting ...") as status:
        yield Progress(status.update)


class Progress:
    """Tells the person at the terminal which step is under way."""

    def __init__(self, show: Any = None) -> None:
        self._show = show

    def __call__(self, step: str) -> None:
        """Show a step, as a noun or gerund: "reading source/registry"."""
        if self._show:
            self._show(f"{step} ...")
