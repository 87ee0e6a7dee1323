"""From the JSON of a dialect description to a `Dialect`."""

from __future__ import annotations

import codecs
from typing import cast

from kg.csvw.columns import check_type
from kg.csvw.dialects import Dialect, Trim
from kg.csvw.document import Node

_DIALECT = {
    *("@id", "@type", "commentPrefix", "delimiter", "doubleQuote", "encoding", "header", "headerRowCount"),
    *("lineTerminators", "quoteChar", "skipBlankRows", "skipColumns", "skipInitialSpace", "skipRows", "trim"),
}
_TRIMS = ("true", "false", "start", "end")
_LINE_ENDS = {"\r\n", "\n"}


def dialect(node: Node) -> Dialect:
    """A dialect; what it does not say is as RFC 4180 has it.

    Raises
    ------
    SourceFormatError
        A property is not right, or asks for lines that end in something else than a line end.
    """
    check_type(node, "Dialect")
    default = Dialect()
    node.allow(_DIALECT)
    header = node.get("header", Node.boolean, True)
    node.get("lineTerminators", _line_ends, None)
    return Dialect(
        encoding=node.get("encoding", _encoding, default.encoding),
        delimiter=node.get("delimiter", _mark, default.delimiter),
        quote=node.get("quoteChar", _quote, default.quote),
        double_quote=node.get("doubleQuote", Node.boolean, default.double_quote),
        header_rows=node.get("headerRowCount", Node.count, int(header)),
        skip_rows=node.get("skipRows", Node.count, default.skip_rows),
        skip_columns=node.get("skipColumns", Node.count, default.skip_columns),
        skip_blank_rows=node.get("skipBlankRows", Node.boolean, default.skip_blank_rows),
        comment_prefix=node.get("commentPrefix", _comment, default.comment_prefix),
        trim=node.get("trim", _trim, "start" if node.get("skipInitialSpace", Node.boolean, False) else "false"),
    )


def _encoding(node: Node) -> str:
    try:
        return codecs.lookup(node.text()).name
    except LookupError as error:
        raise node.wrong(f"{node.text()!r} is no encoding that is known") from error


def _mark(node: Node) -> str:
    if len(node.text()) != 1:
        raise node.wrong("expected one character")
    return node.text()


def _quote(node: Node) -> str | None:
    return None if node.value is None else _mark(node)


def _comment(node: Node) -> str | None:
    return None if node.value is None else node.text() or None


def _trim(node: Node) -> Trim:
    trim = str(node.value).lower() if isinstance(node.value, bool) else node.text()
    if trim not in _TRIMS:
        raise node.wrong(f"expected one of {', '.join(_TRIMS)}")
    return cast(Trim, trim)


def _line_ends(node: Node) -> None:
    """Lines end in LF or CR LF, which is the standard's default; others would need a reader of their own."""
    if not {end.text() for end in node.one_or_more()} <= _LINE_ENDS:
        raise node.wrong("lines are read that end in LF or CR LF, no others")
