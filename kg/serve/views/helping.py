"""What the templates of help are filled with, in the service and in files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from kg.help.finding import LONGEST, Hit
from kg.help.model import SCHEME, START, Address, Page, Section, Site, to
from kg.serve.languages import PARAMETER, Wish

Content = Mapping[str, Any]

_TERMS = ("/ontology", "/shapes")


def served(wished: Wish, *, plain: bool) -> Address:
    """Addresses of the service, with the language that was asked for; ``plain`` if it has no terms of ours."""
    asked = f"?{urlencode({PARAMETER: wished.asked})}" if wished.asked else ""

    def address(target: str) -> str | None:
        path, mark, anchor = target.partition("#")
        if path.startswith(SCHEME):
            name = path.removeprefix(SCHEME)
            path = f"/help/{name}" if name else "/help"
        elif plain and path.startswith(_TERMS):
            return None
        return f"{path}{asked}{mark}{anchor}"

    return address


def in_files(target: str) -> str | None:
    """Addresses of files beside each other; the service is not there."""
    path, mark, anchor = target.partition("#")
    if not path.startswith(SCHEME):
        return None
    return f"{file_of(path.removeprefix(SCHEME))}{mark}{anchor}"


def file_of(page: str) -> str:
    """The file that a page is written to."""
    return f"{page or 'index'}.html"


def page(site: Site, page: Page, address: Address) -> Content:
    """A page with its sections, links between pages, and the contents of the site on the first one."""
    names = list(site.pages)
    place = names.index(page.name)
    around = (
        [site.pages[name] for name in names[max(0, place - 1) : place]],
        [site.pages[name] for name in names[place + 1 : place + 2]],
    )
    return {
        "page": page,
        "home": address(to(START)) if page.name != START else "",
        "sections": [(section, site.body(page, section, address)) for section in page.sections],
        "listed": [section for section in page.sections if section.title],
        "contents": [(other, address(to(other.name))) for other in site.pages.values() if other.name != START]
        if page.name == START
        else [],
        "before": [(other, address(to(other.name))) for other in around[0]],
        "after": [(other, address(to(other.name))) for other in around[1]],
        "text": "",
        "longest": LONGEST,
    }


def found(text: str, hits: Sequence[Hit], address: Address) -> Content:
    """What was found for a text, each with the address of its section."""
    return {
        "text": text,
        "home": address(to(START)),
        "hits": [(hit, heading(hit.page, hit.section), address(to(hit.page.name, hit.section.anchor))) for hit in hits],
        "longest": LONGEST,
    }


def heading(page: Page, section: Section) -> str:
    """What a section is called where its page is not seen."""
    return section.title or page.title
