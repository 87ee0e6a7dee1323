"""The README as pages: one for each of its sections, each heading below with the anchor that a forge gives it.

A table in it that says what a page made from the code says as well is left out, and a link stands in its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from markdown_it.token import Token
from markupsafe import Markup

from kg.help.markdown import Piece, Resolve, anchors, pieces, plain
from kg.help.markup import link, para
from kg.help.model import START, Page, Section, to

REPEATED: Mapping[str, tuple[str, str]] = {
    "variable": ("settings", "All settings"),
    "code": ("errors-and-exit-codes", "All errors"),
    "query": ("named-queries", "All queries"),
    "measure": ("networks", "All measures"),
    "file": ("shapes", "All shapes"),
    "source": ("sources", "All sources"),
    "register": ("sources", "All sources"),
}
"""By the first cell of a table's head: the page that has the same from the code, and the heading there."""

_FOLDED = re.compile(r"^(?:<details><summary>(.*)</summary>|</details>)$", re.MULTILINE)
"""What a forge folds away, and the only HTML in it: shown, under its title."""
_PAGE = 2


def pages(text: str, files: Mapping[str, str] | None = None) -> dict[str, Page]:
    """Pages by name; what stands before the first section is the page that the site begins with.

    Parameters
    ----------
    files
        Where the site tells of files of the project, as ``help:PAGE#ANCHOR`` by their paths; a link to any other file
        becomes text, as only a checkout has them.
    """
    text = _FOLDED.sub(lambda found: f"**{found[1]}**" if found[1] else "", text)
    all_ = [piece for piece in pieces(text) if piece.level or piece.tokens]
    named = list(zip(all_, anchors([piece.title for piece in all_]), strict=True))
    homes: dict[str, str] = dict(files or {})
    found: dict[str, list[tuple[Piece, str]]] = {START: []}
    page = START
    for piece, anchor in named:
        if piece.level == _PAGE:
            page = anchor
            found[page] = []
        homes[f"#{anchor}"] = to(page) if piece.level <= _PAGE else to(page, anchor)
        found[page].append((piece, anchor))
    return {name: _page(name, those, homes) for name, those in found.items()}


def page(text: str, name: str) -> Page:
    """A document of its own as one page; its links lead within it, or elsewhere."""
    those = [piece for piece in pieces(text) if piece.level or piece.tokens]
    named = anchors([piece.title for piece in those])
    homes = {f"#{anchor}": to(name, anchor) for anchor in named[1:]}
    made = _page(name, list(zip(those, named, strict=True)), homes)
    whole = (replace(section, level=each.level) for section, each in zip(made.sections, those, strict=True))
    return replace(made, sections=tuple(whole))


def _page(name: str, those: list[tuple[Piece, str]], homes: Mapping[str, str]) -> Page:
    first = those[0][0] if those else Piece(1, "")
    sections = [_section(piece, anchor, homes) for piece, anchor in those]
    if sections:
        sections[0] = replace(sections[0], anchor="", title="")
    return Page(name, first.title, _summary(first), tuple(sections))


def _section(piece: Piece, anchor: str, homes: Mapping[str, str]) -> Section:
    tokens, repeated = _without_repeated(piece.tokens)
    notes = Markup().join(
        para(Markup("{}: {}").format(label, link(page, slug_of(label), "the list"))) for page, label in repeated
    )
    body = replace(piece, tokens=tokens).html(_resolve(homes))
    return Section(anchor, piece.title, min(max(piece.level - 1, 2), 4), body + notes)


def slug_of(label: str) -> str:
    """The anchor of the heading under which a page made from the code lists what there is."""
    return label.lower().replace(" ", "-")


def _without_repeated(tokens: list[Token]) -> tuple[list[Token], list[tuple[str, str]]]:
    kept: list[Token] = []
    repeated: list[tuple[str, str]] = []
    inside = False
    for place, token in enumerate(tokens):
        if token.type == "table_open" and (head := _first_cell(tokens[place:])) in REPEATED:
            inside = True
            repeated.append(REPEATED[head])
        if not inside:
            kept.append(token)
        inside = inside and token.type != "table_close"
    return kept, repeated


def _first_cell(tokens: list[Token]) -> str:
    return next((plain(token) for token in tokens if token.type == "inline"), "")


def _resolve(homes: Mapping[str, str]) -> Resolve:
    def resolved(target: str) -> str | None:
        return target if "://" in target else homes.get(target)

    return resolved


def _summary(piece: Piece) -> str:
    """The first sentence."""
    paragraph = next((plain(token) for token in piece.tokens if token.type == "inline"), "")
    sentence = re.split(r"(?<=[.:?])\s", " ".join(paragraph.split()), maxsplit=1)[0]
    return sentence.rstrip(":")
