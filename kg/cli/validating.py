"""The command that validates: a release, files or a server, against the project's shapes or any others."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg.cli import opening, options
from kg.cli.options import DataDir, ReleaseName, SourcesDir
from kg.cli.printing import Progress, note, out, print_table, say, steps
from kg.config import settings
from kg.errors import ValidationFailedError
from kg.export import rdf
from kg.pipeline import checking
from kg.pipeline.checking import Data
from kg.validation.readable import ReadableReport, Rule
from kg.validation.shapes import Shapes

_FIRST = 5
"""Results of each rule in tables and pages, unless another number is wanted."""


class Form(StrEnum):
    """How a report is printed: for people, for programs, as RDF (names of `kg.export.rdf.FORMATS`)."""

    table = "table"
    html = "html"
    json = "json"
    turtle = "turtle"
    ntriples = "ntriples"
    jsonld = "jsonld"
    trig = "trig"
    nquads = "nquads"


Shaped = Annotated[
    list[Path] | None,
    typer.Option(
        "--shapes",
        metavar="PATH",
        help="Shapes: an RDF file, or a folder of them; else the bundled.",
        show_default=False,
    ),
]
Files = Annotated[
    list[Path] | None,
    typer.Option("--data", metavar="FILE", help="Data: RDF, or a table with CSVW metadata.", show_default=False),
]
Address = Annotated[
    str, typer.Option("--store", metavar="URL", help="Data: the SPARQL 1.1 endpoint of a server.", show_default=False)
]
Graphs = Annotated[
    list[str] | None, typer.Option("--graph", metavar="IRI", help="Only these named graphs.", show_default=False)
]
First = Annotated[
    int | None,
    typer.Option("--limit", min=1, help="Results shown of each shape; else 5 in tables and pages.", show_default=False),
]
Silence = Annotated[
    float | None,
    options.setting("Seconds a server may be silent; KG_QUERY_TIMEOUT, else 30", min=0.1),
]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(validate)


def validate(
    shapes: Shaped = None,
    data: Files = None,
    store: Address = "",
    graph: Graphs = None,
    limit: First = None,
    form: Annotated[Form, typer.Option("--format", help="How to print the report.")] = Form.table,
    release: ReleaseName = "",
    sources_dir: SourcesDir = None,
    data_dir: DataDir = None,
    query_timeout: Silence = None,
) -> None:
    """Validate data against SHACL shapes: the live release, files (--data) or a server (--store).

    Without --shapes the project's own shapes are used. --shapes, --data and --graph can be repeated. Exit code 6 if
    there is a Violation; Warnings and Infos are shown and do not count.
    """
    if data and store:
        raise typer.BadParameter("validate files or a server, not both", param_hint="--data / --store")
    first = limit or (_FIRST if form in (Form.table, Form.html) else None)
    with steps() as progress:
        progress("reading shapes")
        wanted = checking.shapes_of(shapes) if shapes else Shapes.load(opening.shapes())
        with _opened(
            data, store, graph or (), release, sources_dir, data_dir, query_timeout, not shapes, progress
        ) as seen:
            told = seen.checked(wanted, first=first, progress=progress)
    _print(told, form, " ".join(map(str, data or ())) or store or "the release")
    if not told.targeted and form is not Form.table:
        note(f"kg: {told.verdict}")
    if not told.report.conforms:
        raise typer.Exit(ValidationFailedError.exit_code)


@contextmanager
def _opened(
    files: Sequence[Path] | None,
    url: str,
    graphs: Sequence[str],
    release: str,
    sources_dir: Path | None,
    data_dir: Path | None,
    timeout: float | None,
    own_shapes: bool,
    progress: Progress,
) -> Iterator[Data]:
    """What is to be validated."""
    if files:
        yield checking.of_files(files, graphs=graphs, with_terms=own_shapes, progress=progress)
    elif url:
        progress(f"asking {url}")
        with opening.connected(url, timeout=settings(query_timeout=timeout).query_timeout) as store:
            yield checking.of_server(store, graphs=graphs)
    else:
        with opening.opened(data_dir, release) as (opened, store):
            yield checking.of_release(opened, store, opening.inputs(sources_dir), graphs=graphs)


def _print(told: ReadableReport, form: Form, what: str) -> None:
    if form is Form.table:
        for rule in told.rules:
            _print_rule(told, rule)
        say(told.verdict)
    elif form is Form.html:
        from kg.serve.reports import standalone  # noqa: PLC0415 - the web takes 0.3 s that no other form should pay

        sys.stdout.write(standalone(told, what))
    elif form is Form.json:
        sys.stdout.write(told.to_json() + "\n")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(told.listed.to_rdf(rdf.FORMATS[form.value]))


def _print_rule(told: ReadableReport, rule: Rule) -> None:
    out.print(f"{rule.severity} {rule.title} ({rule.count:,})", markup=False, style="bold")
    say(rule.words)
    columns, rows = told.cells(rule)
    print_table(columns, [tuple(row) for row in rows])
    say(f"and {rule.more:,} more\n" if rule.more else "")
