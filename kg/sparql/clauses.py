r"""Which clauses a query uses, decided by the engine's own parser.

A scanner of ours could be made to read a text otherwise than Oxigraph does: ``?a<?b)SERVICE?c#>`` is an IRI by the
longest match and a comparison, a SERVICE and a comment to Oxigraph. So the keyword is spelt wrong everywhere, in
names, strings and comments too: if the text still parses, none of these places was the keyword. Oxigraph takes
keywords in ASCII letters only, never as ``\u`` escapes.
"""

from __future__ import annotations

import re

import pyoxigraph as ox

from kg.errors import QueryError, QuerySyntaxError

_EMPTY = ox.Store()


def has_clause(query: str, keyword: str) -> bool:
    """Whether a query uses this keyword; true as well for a text that does not parse at all."""
    if keyword.lower() not in query.lower():
        return False
    return _syntax_error(_replaced(query, keyword, keyword[:-1] + "x")) is not None


def refuse_service(query: str) -> None:
    """Keep a query from reaching the network.

    Raises
    ------
    QueryError
        It calls SERVICE.
    QuerySyntaxError
        It is not SPARQL, whatever its SERVICE were.
    """
    if not has_clause(query, "SERVICE"):
        return
    if error := _syntax_error(_replaced(query, r"SERVICE(\s+SILENT)?", "GRAPH")):
        raise QuerySyntaxError(str(error)) from error
    raise QueryError("SERVICE is refused: queries here do not reach other servers; ask each server by itself")


def _replaced(query: str, pattern: str, word: str) -> str:
    return re.sub(pattern, word, query, flags=re.IGNORECASE)


def _syntax_error(query: str) -> SyntaxError | None:
    """What the parser objects to. What fails later than parsing (an unknown function) is no objection."""
    try:
        _EMPTY.query(query)
    except SyntaxError as error:
        return error
    except RuntimeError:
        return None
    return None
