"""Templates: where they are, how they are filled, and the languages of the words in them.

A template is written in English, its words within ``{% trans %}`` or ``_()``; `kg.serve.languages` has the others.
Everything from the data is escaped.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from kg.serve.languages import PARAMETER, Wish, translated


def environment() -> Environment:
    """An environment for templates that are given a ``wish`` (`kg.serve.languages.Wish`)."""
    made: Any = Environment(
        loader=PackageLoader("kg.serve"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(_gettext, _ngettext, newstyle=True)
    made.filters["kept"] = _kept
    made.filters["word"] = _word
    found: Environment = made
    return found


@pass_context
def _gettext(context: Context, text: str) -> str:
    return translated(text, _wish(context).words)


@pass_context
def _ngettext(context: Context, one: str, many: str, number: int) -> str:
    return translated(one if number == 1 else many, _wish(context).words)


@pass_context
def _word(context: Context, text: str) -> str:
    """A text that is not in a template, translated where it is known; unlike that of ``_()`` the result is escaped."""
    return translated(str(text), _wish(context).words)


@pass_context
def _kept(context: Context, address: str | None) -> str | None:
    """An address of the service with the language that was asked for by the address of this page."""
    asked = _wish(context).asked
    if not address or not asked or not address.startswith("/") or address.startswith(("//", "/static/")):
        return address
    parts = urlsplit(address)
    query = f"{parts.query}&{PARAMETER}={asked}" if parts.query else f"{PARAMETER}={asked}"
    return parts._replace(query=query).geturl()


def _wish(context: Context) -> Wish:
    found: Wish = context.get("wish") or Wish()
    return found
