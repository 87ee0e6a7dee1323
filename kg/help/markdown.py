"""Markdown to HTML by markdown-it (CommonMark with tables); HTML in a text is shown, never passed on.

Addresses of links that could do something are refused by markdown-it itself: ``javascript:``, ``vbscript:``, ``file:``
and ``data:``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from kg.help.markup import slug

Resolve = Callable[[str], str | None]
"""From the target of a link in a text to the one in the site; None leaves the text without a link."""

_TITLE = "title"
"""What the environment of a rendering has: the heading under which a table stands."""


def _parser() -> MarkdownIt:
    """The library's parser, with renderings of our own for some types of tokens."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    for kind, rule in (("fence", _pre), ("code_block", _pre), ("image", _picture), ("table_open", _table)):
        made.add_render_rule(kind, rule)
    for kind, text in (("table_close", "</table></div>\n"), ("th_open", '<th scope="col">'), ("td_open", "<td>")):
        made.add_render_rule(kind, _always(text))
    return made


def _pre(_: RendererHTML, tokens: Sequence[Token], place: int, *_rest: Any) -> str:
    return f"<pre>{escape(tokens[place].content.rstrip())}</pre>\n"


def _picture(_: RendererHTML, tokens: Sequence[Token], place: int, *_rest: Any) -> str:
    """Pictures are not part of the package: what they show is said."""
    return f"<em>{escape(tokens[place].content)}</em>"


def _table(_: RendererHTML, _tokens: Sequence[Token], _place: int, _options: OptionsDict, given: EnvType) -> str:
    """What is wide is moved by the keyboard as well."""
    name = escape(given[_TITLE] or "table")
    return f'<div class="wide" role="region" tabindex="0" aria-label="{name}"><table>\n'


def _always(text: str) -> Callable[..., str]:
    """What renders a token as a text."""
    return lambda *_: text


_PARSER = _parser()


@dataclass(frozen=True)
class Piece:
    """What stands between two headings; ``level`` is 0 before the first one."""

    level: int
    title: str
    tokens: list[Token] = field(default_factory=list)

    def html(self, resolve: Resolve) -> Markup:
        """The tokens as HTML."""
        return _written(self.tokens, resolve, self.title)


def pieces(text: str) -> Iterator[Piece]:
    """A document cut at its headings."""
    piece = Piece(0, "")
    tokens = iter(_PARSER.parse(text))
    for token in tokens:
        if token.type != "heading_open":
            piece.tokens.append(token)
            continue
        yield piece
        piece = Piece(int(token.tag[1]), plain(next(tokens)))
        next(tokens)  # the end of the heading
    yield piece


def anchors(titles: Sequence[str]) -> list[str]:
    """The anchors that a forge gives the headings of one document: one that comes again gets a number."""
    seen: dict[str, int] = {}
    found = []
    for title in titles:
        bare = slug(title)
        found.append(f"{bare}-{seen[bare]}" if bare in seen else bare)
        seen[bare] = seen.get(bare, 0) + 1
    return found


def plain(inline: Token) -> str:
    """The words of one line, without its marks."""
    return "".join(" " if child.type == "softbreak" else child.content for child in inline.children or ())


def block(text: str) -> Markup:
    """Paragraphs, lists and tables of a description; targets of links stay as they are if they lead elsewhere."""
    return _written(_PARSER.parse(text), _elsewhere, "")


def inline(text: str) -> Markup:
    """One paragraph's content."""
    return _written(_PARSER.parseInline(" ".join(text.split())), _elsewhere, "")


def _elsewhere(target: str) -> str | None:
    return target if target.startswith(("http://", "https://", "/", "help:")) else None


def _written(tokens: Sequence[Token], resolve: Resolve, title: str) -> Markup:
    kept = [
        token.copy(children=list(_resolved(token.children or (), resolve))) if token.type == "inline" else token
        for token in tokens
    ]
    return Markup(_PARSER.renderer.render(kept, _PARSER.options, {_TITLE: title}))  # noqa: S704 - all in it is escaped


def _resolved(tokens: Iterable[Token], resolve: Resolve) -> Iterator[Token]:
    """The tokens of one line with the targets of its links resolved."""
    kept: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            target = resolve(str(token.attrs["href"]))
            kept.append(target is not None)
            if target is not None:
                yield token.copy(attrs={**token.attrs, "href": target})
        elif token.type != "link_close" or kept.pop():
            yield token
