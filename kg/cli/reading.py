"""The command that asks a release: query."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg import queries
from kg.cli import opening
from kg.cli.opening import opened
from kg.cli.options import DataDir, QueriesDir, ReleaseName
from kg.cli.printing import note, out, print_table, say
from kg.errors import ConfigError, ParameterError, StaleCursorError, StoreUnavailableError
from kg.queries import NamedQuery, Table


class Form(StrEnum):
    """How an answer is printed: for a screen, or in one of `kg.queries.FORMS`."""

    table = "table"
    csv = "csv"
    html = "html"
    json = "json"
    parquet = "parquet"
    tsv = "tsv"
    srj = "srj"
    srx = "srx"


FormOption = Annotated[Form, typer.Option("--format", help="How to print the answer.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Rows of a page; all without.", show_default=False)]
Cursor = Annotated[str, typer.Option("--cursor", help="Where a page begins: what the one before ended with.")]
Sparql = Annotated[
    bool, typer.Option("--sparql", help="Print the query in SPARQL, with its values, and do not run it.")
]
About = Annotated[bool, typer.Option("--about", help="Say what the query asks, takes and gives.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Else standard output.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(query)


def query(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help="family/name of a query, or a .rq file; without it, the list", show_default=False)
    ] = "",
    about: About = False,
    sparql: Sparql = False,
    form: FormOption = Form.table,
    limit: Limit = None,
    cursor: Cursor = "",
    output: Output = None,
    release: ReleaseName = "",
    queries_dir: QueriesDir = None,
    data_dir: DataDir = None,
) -> None:
    """Run a named query, or a query file; without a name list the queries.

    The parameters of a query are options: kg query figures/contract-value-by-year --area CN. A thing is given by its
    IRI, a CURIE, the last part of its IRI, or its name.
    """
    known = opening.named_queries(queries_dir)
    if not name:
        print_table(("query", "gives"), [(each.name, each.summary) for each in known.values()])
        return
    chosen = _chosen(known, name)
    if about:
        _describe(chosen, data_dir, release)
        return
    _refuse_screen(form, output)
    with opened(data_dir, _release(release, cursor)) as (held, store):
        text = chosen.ordered(queries.asked(store, queries.resolved(chosen, _values(context.args))))
        if sparql:
            say(text)
            return
        at = _place(cursor, text, held.id)
        rows = queries.Held(chosen.answer(store, text))
        page = queries.page(rows, release=held.id, question=text, limit=limit or max(len(rows), 1), at=at)
    _write(page.table, form, chosen, output)
    _told(page, form)


def _release(release: str, cursor: str) -> str:
    """The release to ask: that which a cursor pages through, unless another one is named."""
    return release or (queries.cursor_release(cursor) if cursor else "")


def _place(cursor: str, text: str, release: str) -> queries.Place | None:
    if not cursor:
        return None
    at = queries.place(cursor, text)
    if at.release != release:
        raise StaleCursorError(f"the cursor pages through release {at.release}, not {release}; begin again without it")
    return at


def _refuse_screen(form: Form, output: Path | None) -> None:
    if form == "parquet" and output is None and sys.stdout.isatty():
        raise typer.BadParameter(
            "parquet is nothing to be read on a screen; name a file with -o", param_hint="--format"
        )


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


def _describe(chosen: NamedQuery, data_dir: Path | None, release: str) -> None:
    say(f"{chosen.name}: {chosen.summary}\n{chosen.question}\nsource: {chosen.source}\n")
    if chosen.parameters:
        rows = [
            (f"--{p.name}", p.type, p.default or ("" if p.optional else "required"), p.description)
            for p in chosen.parameters
        ]
        print_table(("parameter", "type", "default", "meaning"), rows)
        out.print()
    for parameter, listed in _listed(chosen, data_dir, release):
        say(f"--{parameter} is one of: {', '.join(listed)}\n")
    rows = [(c.name, chosen.kinds.get(c.name, ""), c.unit or "", c.meaning) for c in chosen.columns]
    print_table(("column", "kind", "unit", "meaning"), rows)


def _listed(chosen: NamedQuery, data_dir: Path | None, release: str) -> Iterator[tuple[str, list[str]]]:
    """What each parameter can be given, where that is listed; nothing where there is no release to look in."""
    with suppress(StoreUnavailableError), opened(data_dir, release) as (_, store):
        for parameter in chosen.parameters:
            if found := queries.asked(store, queries.choices(parameter)):
                yield parameter.name, [str(choice) for choice in found]


def _write(table: Table, form: Form, chosen: NamedQuery, output: Path | None) -> None:
    if form == "table":
        if output is None:
            print_table(table.columns, queries.to_rows(table))
            return
        raise typer.BadParameter(f"a table is for a screen; {output} takes one of the others", param_hint="--format")
    content = queries.written(table, form.value, chosen.kinds)
    if form == "json":
        content += b"\n"
    if output is not None:
        try:
            output.write_bytes(content)
        except OSError as error:
            raise ConfigError(f"cannot write {output}: {error.strerror}") from error
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content.replace(b"\r\n", b"\n") if sys.stdout.isatty() else content)


def _told(page: queries.Page, form: Form) -> None:
    """Which rows these are, where they are not all, and how to go on."""
    shown = len(page.table.rows)
    if shown < page.total:
        note(f"rows {page.start + 1:,} to {page.start + shown:,} of {page.total:,}")
    elif form == "table":
        note(f"{shown} row{'s' * (shown != 1)}")
    if page.next:
        note(f"the same with --cursor {page.next} goes on")
