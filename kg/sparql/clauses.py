r"""Which clauses a query uses, decided by the engine's own parser.

A scanner of ours could be made to read a text otherwise than Oxigraph does: ``?a<?b)SERVICE?c#>`` is an IRI by the
longest match and a comparison, a SERVICE and a comment to Oxigraph. So the keyword is spelt wrong everywhere, in
names, strings and comments too: if the text still parses, none of these places was the keyword. Oxigraph takes
keywords in ASCII letters only, never as ``\u`` escapes.
"""

from __future__ import annotations

import re

import pyoxigraph as ox

from kg.errors import QuerySyntaxError, RefusedError

_EMPTY = ox.Store()
# Two arguments that exclude each other: the engine says so when it has parsed the text and before it plans the query,
# the cost of which grows with the cube of the triple patterns (200 of them: 10 s; to parse them: 0.2 ms).
_PARSED_ONLY = {"use_default_graph_as_union": True, "default_graph": ox.DefaultGraph()}


def has_clause(query: str, keyword: str, base: str | None = None) -> bool:
    """Whether a query uses this keyword; true as well for a text that does not parse at all."""
    if keyword.lower() not in query.lower():
        return False
    return syntax_error(_replaced(query, keyword, keyword[:-1] + "x"), base) is not None


def refuse_service(query: str, base: str | None = None) -> None:
    """Keep a query from reaching the network.

    Raises
    ------
    RefusedError
        It calls SERVICE.
    QuerySyntaxError
        It is not SPARQL, whatever its SERVICE were.
    """
    if not has_clause(query, "SERVICE", base):
        return
    if error := syntax_error(_replaced(query, r"SERVICE(\s+SILENT)?", "GRAPH"), base):
        raise QuerySyntaxError(str(error)) from error
    raise RefusedError(
        "SERVICE is refused where its address is not a constant, or no other server may be reached; ask it by itself"
    )


def _replaced(query: str, pattern: str, word: str) -> str:
    return re.sub(pattern, word, query, flags=re.IGNORECASE)


def syntax_error(query: str, base: str | None = None) -> SyntaxError | None:
    """What the parser objects to. What fails later than parsing (an unknown function) is no objection.

    Notes
    -----
    The query is parsed and not planned: about 1 ms for 8,000 characters, unless brackets stand very deep.
    """
    try:
        _EMPTY.query(query, base_iri=base, **_PARSED_ONLY)  # type: ignore[arg-type]
    except SyntaxError as error:
        return error
    except (RuntimeError, ValueError):
        return None
    return None
