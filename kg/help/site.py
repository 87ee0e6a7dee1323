"""The site: the README's pages, each with the reference that belongs to it, then the pages that the README has not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from kg import assets
from kg.help import asked, commands, faults, interface, origins, python, readme, settings, terms
from kg.help.markup import anchor, definitions, link
from kg.help.model import START, Page, Section, Site, to
from kg.help.settings import Setting
from kg.queries import NamedQuery

_OWN = {
    "sources": ("Sources", "What each source holds, who publishes it, and under which licence."),
    "ontology": ("Ontology", "Classes and properties, with what each means."),
    "glossary": ("Glossary", "Concepts by scheme, in English and Chinese."),
    "names": ("Index", "Every command, request, setting, query, error, measure, term and Python name, from A to Z."),
}
_DOCUMENTS = sorted(Path(__file__).parent.glob("*.md"))
"""Pages that are written for the site alone; the tests run what is in them."""
_CONTENTS = "**Contents**"


@dataclass(frozen=True)
class Sources:
    """What the site is made of beside the files of the package: only the edges know it.

    Attributes
    ----------
    commands
        The command line, as a command of Click; None leaves it out.
    interface
        The OpenAPI document of the service.
    """

    settings: Sequence[Setting] = ()
    commands: Any = None
    interface: Mapping[str, Any] = field(default_factory=dict)
    queries: Mapping[str, NamedQuery] = field(default_factory=dict)


def make(sources: Sources) -> Site:
    """The site: about one CPU second, most of it for reading docstrings and the README.

    Raises
    ------
    ConfigError
        The installation lacks ontology, shapes or queries.
    """
    reference = _reference(sources)
    pages = readme.pages(_without_contents(assets.readme()), _files(reference))
    pages |= {name: Page(name, title, summary) for name, (title, summary) in _OWN.items()}
    pages |= {file.stem: readme.page(file.read_text("utf-8"), file.stem) for file in _DOCUMENTS}
    for name, sections in reference.items():
        page = pages.get(name) or Page(name, name.replace("-", " ").capitalize())
        pages[name] = page.extended(sections)
    ordered = {START: pages.pop(START), **pages}
    ordered["names"] = ordered.pop("names").extended(_index(Site(ordered)))
    return Site(ordered)


def _reference(sources: Sources) -> dict[str, tuple[Section, ...]]:
    single = [f"/queries/{name}" for name in sources.queries]
    return {
        "commands": commands.sections(sources.commands) if sources.commands else (),
        "settings": settings.sections(sources.settings),
        "service": interface.sections(sources.interface, elsewhere=single),
        "named-queries": asked.queries(sources.queries),
        "networks": asked.all_networks(sources.queries),
        "shapes": terms.shapes(),
        "errors-and-exit-codes": faults.sections(),
        "sources": origins.sections(),
        "ontology": terms.ontology(),
        "glossary": terms.glossary(),
        "python": python.sections(),
    }


def _files(reference: Mapping[str, Iterable[Section]]) -> dict[str, str]:
    """Where files of the project are told of, by their paths in it."""
    documents = {f"kg/help/{file.name}": to(file.stem) for file in _DOCUMENTS}
    folders = {"sources": "kg/sources/", "shapes": "shapes/"}
    return documents | {
        f"{folder}{name.text}": to(page, section.anchor)
        for page, folder in folders.items()
        for section in reference[page]
        for name in section.names
    }


def _without_contents(text: str) -> str:
    """The README without its own list of contents: the site has one."""
    return "\n\n".join(part for part in text.split("\n\n") if not part.startswith(_CONTENTS))


def _index(site: Site) -> tuple[Section, ...]:
    found = sorted(
        ((name, page.name, section.anchor) for page, section in site.sections() for name in section.names),
        key=lambda each: (_letter(each[0].text), each[0].text.lower(), each[0].kind),
    )
    return tuple(
        Section(
            f"letter-{anchor(letter) or 'other'}", letter, 2,
            definitions((link(page, place, name.text), name.kind) for name, page, place in group),
        )
        for letter, group in groupby(found, key=lambda each: _letter(each[0].text))
    )  # fmt: skip


def _letter(text: str) -> str:
    """Under which letter a name stands: that of its last part for what begins alike, as commands and settings do."""
    bare = text.removeprefix("kg ").removeprefix("KG_").removeprefix("tt:")
    bare = bare.rpartition(".")[2] if text.startswith("kg.") else bare
    bare = bare.partition(" /")[2] if " /" in bare else bare
    first = bare.lstrip("/._{")[:1].upper()
    return first if first.isalpha() and first.isascii() else "#"
