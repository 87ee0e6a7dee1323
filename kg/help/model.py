"""Pages and their sections as values, and how the places that they point to become addresses.

A section is written before anybody knows where the site will stand: in the service, or in files of a folder. So links
within it say ``help:PAGE#ANCHOR``, those to the service begin with a slash, and `Site.body` puts in addresses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from markupsafe import Markup, escape

SCHEME = "help:"
START = ""
"""The name of the page that the site begins with."""

_PLAIN = frozenset({"command", "endpoint", "python", "query", "setting", "shapes", "term"})
"""Kinds of names that are recognised wherever they stand; others, such as ``store``, are words as well."""
_SPANS = re.compile(
    r'<pre\b.*?</pre>|<a href="(?P<to>[^"]*)"(?P<more>[^>]*)>(?P<text>.*?)</a>|<code>(?P<code>[^<]+)</code>', re.DOTALL
)

Address = Callable[[str], str | None]
"""From ``help:PAGE#ANCHOR`` or a path of the service to what a link says; None where there is no such thing."""


@dataclass(frozen=True)
class Name:
    """What people look up: a command, a setting, an endpoint. ``text`` is as it is typed."""

    kind: str
    text: str


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading.

    Attributes
    ----------
    anchor
        Unique in its page; empty for what stands before the first heading.
    level
        Of the heading: 2 to 4; a page's own is 1.
    body
        HTML, all text in it escaped.
    names
        What is described here, and nowhere else.
    typed
        Whether the title is something that is typed.
    """

    anchor: str
    title: str
    level: int
    body: Markup = field(default_factory=Markup)
    names: tuple[Name, ...] = ()
    typed: bool = False

    @property
    def text(self) -> str:
        """The words of the body."""
        return self.body.striptags()


@dataclass(frozen=True)
class Page:
    """One page. ``name`` is its address within the site; ``summary`` is one line for lists of pages."""

    name: str
    title: str
    summary: str = ""
    sections: tuple[Section, ...] = ()

    def extended(self, sections: tuple[Section, ...]) -> Page:
        """The page with further sections; an anchor that is taken gets a number."""
        taken = {section.anchor for section in self.sections}
        added: list[Section] = []
        for section in sections:
            anchor, number = section.anchor, 0
            while anchor in taken:
                number += 1
                anchor = f"{section.anchor}-{number}"
            taken.add(anchor)
            added.append(replace(section, anchor=anchor))
        return replace(self, sections=(*self.sections, *added))


@dataclass(frozen=True)
class Site:
    """All pages by name, in the order of the contents."""

    pages: Mapping[str, Page]

    def sections(self) -> Iterator[tuple[Page, Section]]:
        """Every section with its page, in order."""
        for page in self.pages.values():
            for section in page.sections:
                yield page, section

    @cached_property
    def places(self) -> Mapping[str, str]:
        """Where names are described that mean nothing else, as ``help:PAGE#ANCHOR``, by their text."""
        return {
            name.text: to(page.name, section.anchor)
            for page, section in self.sections()
            for name in section.names
            if name.kind in _PLAIN or "-" in name.text
        }

    def body(self, page: Page, section: Section, address: Address) -> Markup:
        """The body of a section with addresses in its links; what it names in passing becomes a link as well.

        A link that leads nowhere under this address, as to the service in a site of files, is left as its text.
        """
        own = to(page.name, section.anchor)

        def filled(span: re.Match[str]) -> str:
            if span["to"] is not None:
                return _linked(span["text"], span["to"], span["more"], address)
            if span["code"] is None:
                return span[0]
            place = self.place(Markup(span["code"]).unescape())  # noqa: S704 - it was escaped by us
            return _linked(span[0], escape(place), "", address) if place and place != own else span[0]

        return Markup(_SPANS.sub(filled, section.body))  # noqa: S704 - it was escaped before

    def place(self, code: str) -> str | None:
        """Where that which stands between backticks is described: a name, or a command with something after it."""
        words = code.split(" ")
        if words[0] != "kg":
            return self.places.get(code)
        queries = (word for word in words if "/" in word)
        tries = chain(queries, (" ".join(words[:count]) for count in range(len(words), 1, -1)))
        return next((self.places[text] for text in tries if text in self.places), None)


def to(page: str, anchor: str = "") -> str:
    """A place in the site as links in bodies say it."""
    return f"{SCHEME}{page}#{anchor}" if anchor else f"{SCHEME}{page}"


def _linked(inner: str, target: str, more: str, address: Address) -> str:
    """Both texts are HTML already."""
    plain = Markup(target).unescape()  # noqa: S704
    if plain.startswith((SCHEME, "/")):
        found = address(plain)
        return inner if found is None else f'<a href="{escape(found)}"{more}>{inner}</a>'
    return f'<a href="{target}"{more}>{inner}</a>'
