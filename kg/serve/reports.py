"""Validation reports as HTML: a page of the service, or a file that stands alone.

Everything that a report says comes from data and shapes that may be a stranger's: Jinja escapes all of it, and only web
addresses become links.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources
from typing import Any

from markupsafe import Markup
from pyoxigraph import NamedNode

from kg.serve.languages import Wish
from kg.serve.views.environment import environment
from kg.serve.views.tables import href
from kg.store.base import Term
from kg.validation.readable import ReadableReport

_ENGLISH = Wish()
FIRST = 20
"""Results of each rule that a page shows."""


def standalone(told: ReadableReport, what: str) -> str:
    """A page that needs no other file."""
    style = Markup(resources.files("kg.serve").joinpath("static/kg.css").read_text("utf-8"))  # noqa: S704  (our own)
    content = _content(told, what)
    return environment().get_template("report.html").render(style=style, link_of=_outside, **content)


def page(told: ReadableReport, what: str, links: Iterable[tuple[str, str]] = (), wished: Wish = _ENGLISH) -> str:
    """A page of the service, with addresses of the same report in other forms."""
    content = _content(told, what) | {"wish": wished, "here": "/validation", "links": list(links)}
    return environment().get_template("validation.html").render(link_of=_inside, **content)


def without_report(release: str, wished: Wish = _ENGLISH) -> str:
    """The page of a release that keeps no report: what can be validated all the same."""
    content: dict[str, Any] = {
        "wish": wished,
        "told": None,
        "what": f"release {release}",
        "verdict": "This release keeps no report.",
        "links": [],
    }
    return environment().get_template("validation.html").render(here="/validation", link_of=_inside, **content)


def _content(told: ReadableReport, what: str) -> dict[str, Any]:
    return {"wish": _ENGLISH, "told": told, "what": what, "verdict": f"{told.verdict[0].upper()}{told.verdict[1:]}."}


def _inside(term: Term) -> str | None:
    """Where a node leads in the service."""
    return href(term.value) if isinstance(term, NamedNode) else None


def _outside(term: Term) -> str | None:
    """Where a node leads from a page that stands alone: nowhere within the service."""
    address = _inside(term)
    return address if address and not address.startswith("/") else None
