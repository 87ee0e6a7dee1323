"""The command that writes the documentation as files: help-site."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli import opening, options
from kg.cli.printing import note
from kg.config import settings


class Language(StrEnum):
    """Languages of the words around the pages."""

    en = "en"
    zh = "zh"


def command_line() -> Any:
    """The whole command line as a command of Click, for the documentation to describe."""
    from kg.cli.main import app  # noqa: PLC0415 - it imports this module

    return typer.main.get_command(app)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(help_site)


def help_site(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where to write; files of the same names are replaced.")
    ],
    lang: Annotated[Language, typer.Option(help="Language of the words around the pages.")] = Language.en,
    queries_dir: options.QueriesDir = None,
) -> None:
    """Write the documentation as HTML files that open in a browser without a service or a network.

    A running service has the same at /help, with a search.
    """
    from kg.serve.helping import files  # noqa: PLC0415 - as long to import as all else together

    queries = opening.named_queries(settings(queries_dir=queries_dir).queries_dir)
    number = files.write(files.site(command_line(), queries), folder, lang.value)
    note(f"{number} pages in {folder}; begin with {folder / 'index.html'}")
