"""Where Oxigraph reads a text otherwise than SPARQL 1.1 has it, mended in the text before it is evaluated.

- The result of ``GROUP_CONCAT`` is a simple literal (section 18.5.1.7). The engine gives it the language that all
  members share, so ``STR`` is put around it.
- Keywords may be in any case (section 19.8, note 1). The engine knows ``true`` and ``false`` in lower case only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.sparql.tokens import TOKEN

_WORDS = ("group_concat", "true", "false")
_CONCERNED = re.compile(r"(?i:group_concat)|\b(?!true\b|false\b)(?i:true|false)\b")
_BOOLEANS = ("TRUE", "FALSE")


def mended(text: str) -> str:
    """A query or update that the engine evaluates as the standard says; one pass over the words, if any is concerned.

    Examples
    --------
    >>> mended("SELECT (GROUP_CONCAT(?x; SEPARATOR=',') AS ?all) (True AS ?t) {}")
    "SELECT (STR(GROUP_CONCAT(?x; SEPARATOR=',')) AS ?all) (true AS ?t) {}"
    """
    lower = text.lower()  # to look for three words in it takes a fraction of what the expression takes
    if not any(word in lower for word in _WORDS) or not _CONCERNED.search(text):
        return text
    parts, copied = [], 0
    for begin, end, instead in _changes(text):
        parts += [text[copied:begin], instead]
        copied = end
    return "".join([*parts, text[copied:]])


def _changes(text: str) -> Iterator[tuple[int, int, str]]:
    """What to put in place of what, from where to where, in the order of the text."""
    depth, open_at = 0, []
    for token in TOKEN.finditer(text):
        word = token[0].upper()
        if word in _BOOLEANS:
            yield *token.span(), word.lower()
        elif word == "GROUP_CONCAT":
            open_at.append(depth)
            yield token.start(), token.start(), "STR("
        elif word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
            if open_at and open_at[-1] == depth:
                open_at.pop()
                yield token.end(), token.end(), ")"
