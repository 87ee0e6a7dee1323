"""Commands over evidence: verify what is recorded, find what to record."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from kg import evidence
from kg.cli.opening import opened
from kg.cli.options import DataDir, Json, ReleaseName
from kg.cli.printing import print_json, print_table, say
from kg.errors import EvidenceError, SourceFormatError
from kg.evidence import Result

Documents = Annotated[
    Path, typer.Option("--documents", metavar="DIR", help="Folder with the documents' files, whatever they are called.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(verify)
    app.command()(span)


def verify(documents: Documents, release: ReleaseName = "", data_dir: DataDir = None, as_json: Json = False) -> None:
    """Recompute the digests of documents and of every place in them that a figure or statement rests on.

    A document is recognised by its content. Exit code 11 if a file differs from what is recorded, or if none of the
    documents is in the folder.
    """
    with opened(data_dir, release) as (_, store):
        outcomes = evidence.verify(evidence.recorded(store), documents)
    if as_json:
        print_json([dataclasses.asdict(outcome) for outcome in outcomes])
    else:
        rows = [(each.document, each.result, str(each.spans), each.file.name if each.file else "") for each in outcomes]
        print_table(("document", "result", "places", "file"), rows)
    differences = [text for outcome in outcomes for text in outcome.differences]
    if differences:
        raise EvidenceError("\n".join(differences))
    if not any(outcome.result is Result.VERIFIED for outcome in outcomes):
        raise EvidenceError(f"none of the {len(outcomes)} documents that the release knows by digest is in {documents}")


def span(
    file: Annotated[Path, typer.Argument(help="A document's text, UTF-8.")],
    text: Annotated[str, typer.Argument(help="The stretch to record; it must stand there exactly once.")],
) -> None:
    """Find a stretch of text and print what a spans table has of it: start, end, paragraph, digest."""
    try:
        found = evidence.find(file.read_bytes().decode(), text)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise SourceFormatError(str(error), file=str(file)) from error
    say(f"{found.start},{found.end},{found.paragraph},{found.digest}")
