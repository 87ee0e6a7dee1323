"""Pieces of HTML that pages are made of. Every text that comes in is escaped here; what is `Markup` already stays."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from kg.help.model import to


def code(text: str) -> Markup:
    """What is typed, or printed."""
    return Markup("<code>{}</code>").format(text)


def pre(text: str) -> Markup:
    """Lines as they are typed."""
    return Markup("<pre>{}</pre>\n").format(text.rstrip("\n"))


def para(content: str) -> Markup:
    """A paragraph; none of no words."""
    return Markup("<p>{}</p>\n").format(content) if content else Markup()


def link(page: str, anchor: str, text: str) -> Markup:
    """A link within the site."""
    return Markup('<a href="{}">{}</a>').format(to(page, anchor), text)


def outside(href: str, text: str) -> Markup:
    """A link to the service (a path), or elsewhere (``http:`` or ``https:``, else it stays a text)."""
    return Markup('<a href="{}">{}</a>').format(href, text) if re.match(r"/|https?://", href) else escape(text)


def listed(items: Iterable[str]) -> Markup:
    """A list."""
    rows = Markup().join(Markup("<li>{}</li>\n").format(item) for item in items)
    return Markup("<ul>\n{}</ul>\n").format(rows) if rows else Markup()


def definitions(pairs: Iterable[tuple[str, str]]) -> Markup:
    """Names with what each means; pairs that say nothing are left out."""
    rows = Markup().join(
        Markup("<div><dt>{}</dt>\n<dd>{}</dd></div>\n").format(name, meaning) for name, meaning in pairs if meaning
    )
    return Markup('<dl class="entries">\n{}</dl>\n').format(rows) if rows else Markup()


def slug(text: str) -> str:
    """The anchor that a forge gives a heading.

    Examples
    --------
    >>> slug("What is in it?"), slug("Errors and exit codes")
    ('what-is-in-it', 'errors-and-exit-codes')
    """
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def anchor(text: str) -> str:
    """An anchor for something typed, which may hold slashes and braces.

    Examples
    --------
    >>> anchor("GET /queries/{family}/{name}"), anchor("KG_DATA_DIR")
    ('get-queries-family-name', 'kg_data_dir')
    """
    return re.sub(r"[^\w.]+", "-", text.lower()).strip("-")
