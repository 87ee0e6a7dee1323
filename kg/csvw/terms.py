"""Terms of N-Triples as Oxigraph writes them, for single values; `kg.csvw.mapping` writes columns of them."""

from __future__ import annotations

import pyoxigraph as ox


def iri(text: str) -> str:
    """An IRI in its brackets; what may not stand in one is percent-encoded."""
    return f"<{''.join(_allowed(char) for char in text)}>"


def literal(text: str, *, datatype: str | None = None, language: str | None = None) -> str:
    """A literal with its datatype or language."""
    if language:
        return str(ox.Literal(text, language=language))
    return str(ox.Literal(text, datatype=ox.NamedNode(datatype))) if datatype else str(ox.Literal(text))


def _allowed(char: str) -> str:
    if char <= " " or char in '<>"{}|\\^`':
        return "".join(f"%{byte:02X}" for byte in char.encode())
    return char
