"""The text of a page as a person reads it, from HTML that nobody vouches for: nothing of it is run or fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_HIDDEN = frozenset({"script", "style", "template", "noscript", "head", "svg", "math", "iframe", "object"})
_INLINE = frozenset(
    {
        *(
            "a",
            "abbr",
            "b",
            "bdi",
            "bdo",
            "cite",
            "code",
            "data",
            "del",
            "dfn",
            "em",
            "font",
            "i",
            "ins",
            "kbd",
            "label",
        ),
        *("mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr"),
    }
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_EDGE = re.compile(r" ?\n[ \n]*")


def readable(page: str) -> str:
    r"""Its text: one line for each block, white space within a line as one blank.

    Examples
    --------
    >>> readable("<h1>A &amp; B</h1><p>41\n <b>con</b>tracts<script>x()</script></p>")
    'A & B\n41 contracts'
    """
    parser = _Reader()
    parser.feed(page)
    parser.close()
    return _EDGE.sub("\n", "".join(parser.parts)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - not ours to name
        if tag == "body":  # a head may be left open
            self._hidden.clear()
        elif tag in _HIDDEN:
            self._hidden.append(tag)
        if tag not in _INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:  # one that was left open ends with what it is in
            del self._hidden[self._hidden.index(tag) :]
        if tag not in _INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(_SPACE.sub(" ", data))
