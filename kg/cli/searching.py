"""The command that looks things up by their words: search."""

from __future__ import annotations

from typing import Annotated

import typer

from kg import search as searching
from kg.cli.opening import found
from kg.cli.options import DataDir, Json, ReleaseName
from kg.cli.printing import note, print_json, print_table, steps
from kg.queries.labels import ENGLISH
from kg.search import Choice, Index, Page, Question, Told
from kg.store.release import Release
from kg.vocabulary import shortened

_FEW = 8
"""Values of a facet that are printed."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(search)


def search(
    text: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT...", help="Words in any language, or an identifier or IRI.")
    ] = None,
    classes: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="CLASS", help="Only things of it: Policy, skos:Concept; may be repeated."),
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="Only things of it, such as CN; may be repeated.")
    ] = None,
    year: Annotated[
        list[str] | None, typer.Option(metavar="YEAR", help="Only things of it: 2020, or 2018-2022; may be repeated.")
    ] = None,
    lang: Annotated[str, typer.Option(metavar="TAG", help="Language of names, where there are any in it.")] = ENGLISH,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Hits to print.")] = 20,
    after: Annotated[str, typer.Option(metavar="PLACE", help="Go on after the hits of a call before.")] = "",
    as_json: Json = False,
    release: ReleaseName = "",
    data_dir: DataDir = None,
) -> None:
    """Find things by names, identifiers and descriptions in any language; the best match first.

    Marks and case do not count, Chinese needs no spaces, and where little is found words may be misspelt. Without TEXT
    all things of a class, country or year are listed, the most important first. With - in a word, put -- before it.
    """
    chosen = found(data_dir, release)
    asked = searching.question(" ".join(text or ()), classes=classes or (), countries=country or (), years=year or ())
    with _opened(chosen) as index:
        page = searching.search(index, asked, limit=limit, after=after)
        hits, facets = searching.told(index, page.hits, lang), searching.choices(index, page, lang)
    if as_json:
        print_json(searching.as_json(page, hits, facets) | {"release": chosen.id})
        return
    print_table(("name", "found as", "class", "country", "year", "thing"), [_row(hit, asked) for hit in hits])
    _tell(page, facets)


def _opened(release: Release) -> Index:
    with steps() as progress:
        if not searching.ready(release):
            progress("making the search index")
        return Index.of(release)


def _row(hit: Told, asked: Question) -> tuple[str, ...]:
    plain = not asked.text or hit.match in ("exact", "beginning", "all-in-name")
    how = hit.matched or ("" if plain else hit.match)
    years = f"{hit.years[0]}" if len(hit.years) == 1 else f"{hit.years[0]}-{hit.years[-1]}" if hit.years else ""
    return (hit.label, how, ", ".join(hit.classes.values()), ", ".join(hit.countries), years, shortened(hit.iri))


def _tell(page: Page, facets: dict[str, list[Choice]]) -> None:
    """How many there are, of what, and how to see the others."""
    note(f"{len(page.hits):,} of {page.total:,} {'thing' if page.total == 1 else 'things'}")
    about = "" if page.facets.exact else "about "
    for kind, values in facets.items():
        if len(values) > 1:
            counted = (f"{shortened(each.value)} {about}{each.number:,}" for each in values[:_FEW])
            note(f"--{kind}: {', '.join(counted)}{', …' if len(values) > _FEW else ''}")
    if page.after:
        note(f"more: --after {page.after}")
