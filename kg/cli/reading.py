"""The command that asks a release: query."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg import assets, queries
from kg.cli.opening import opened
from kg.cli.options import DataDir, ReleaseName
from kg.cli.printing import note, out, print_table, say
from kg.errors import ParameterError
from kg.queries import NamedQuery, Table


class Form(StrEnum):
    """How an answer is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(query)


def query(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help="family/name of a query, or a .rq file; without it, the list", show_default=False)
    ] = "",
    form: Annotated[Form, typer.Option("--format", help="How to print the answer.")] = Form.table,
    release: ReleaseName = "",
    data_dir: DataDir = None,
) -> None:
    """Run a named query, or a query file; without a name list the queries.

    The parameters of a query are options: kg query figures/contract-value-by-year --area CN. What a query asks and
    takes is shown by: kg query NAME --about
    """
    known = queries.load(assets.folder("queries"))
    if not name:
        print_table(("query", "gives"), [(each.name, each.summary) for each in known.values()])
        return
    chosen = _chosen(known, name)
    if "--about" in context.args:
        _describe(chosen)
        return
    with opened(data_dir, release) as (_, store):
        table = chosen.run(store, _values(context.args))
    _print(table, form)


def _chosen(known: dict[str, NamedQuery], name: str) -> NamedQuery:
    if name.endswith(".rq"):
        return queries.read(Path(name))
    return queries.find(known, name)


def _values(arguments: Sequence[str]) -> dict[str, str]:
    """``--area CN --year=2020`` as a mapping; hyphens and underscores in names are one."""
    values: dict[str, str] = {}
    pending = list(arguments)
    while pending:
        option = pending.pop(0)
        name, equals, value = option.removeprefix("--").partition("=")
        if not option.startswith("--") or not (equals or pending):
            raise ParameterError(name, "an option with a value, as in --area CN")
        values[name.replace("-", "_")] = value if equals else pending.pop(0)
    return values


def _describe(chosen: NamedQuery) -> None:
    say(f"{chosen.name}: {chosen.summary}\n{chosen.question}\nsource: {chosen.source}\n")
    if chosen.parameters:
        rows = [
            (f"--{p.name}", p.type, p.default or ("" if p.optional else "required"), p.description)
            for p in chosen.parameters
        ]
        print_table(("parameter", "type", "default", "meaning"), rows)
        out.print()
    print_table(("column", "unit", "meaning"), [(c.name, c.unit or "", c.meaning) for c in chosen.columns])


def _print(table: Table, form: Form) -> None:
    if form is Form.table:
        print_table(table.columns, queries.to_rows(table))
        note(f"{len(table.rows)} row{'s' * (len(table.rows) != 1)}")
    else:
        write = queries.to_csv if form is Form.csv else queries.to_json
        sys.stdout.write(write(table).replace("\r\n", "\n") if sys.stdout.isatty() else write(table))
        sys.stdout.write("\n" if form is Form.json else "")
