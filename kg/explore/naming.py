"""What a person calls a thing, a property or a class, as an IRI; whatever is none is an error of the parameter."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg import iris
from kg.errors import ParameterError
from kg.queries import Parameter
from kg.vocabulary import PREFIXES, RDF

_PLACES = ("id/", "concept/", "graph/", "ontology#", "shapes#", "queries/", ".well-known/")
_LONGEST = 2_000


def thing(given: str, name: str = "iri") -> ox.NamedNode:
    """The thing that is meant: an IRI, a CURIE such as ``org-id:ncste``, or a path such as ``org/ncste``.

    Examples
    --------
    >>> thing("org/ncste") == thing("id/org/ncste") == thing("org-id:ncste")
    True
    >>> thing("concept/channel/licensing") == thing(f"{PREFIXES['ch']}licensing")
    True

    Raises
    ------
    ParameterError
        It is none of these.
    """
    whole = f"{iris.BASE}{given}" if given.startswith(_PLACES) else given
    return _term(whole, name, "id/", "an IRI, a CURIE, or a path as in org/ncste")


def term(given: str, name: str) -> ox.NamedNode:
    """The property or class that is meant: an IRI, a CURIE, or the name of a term of the ontology; ``a`` is rdf:type.

    Examples
    --------
    >>> term("statedIn", "property") == term("tt:statedIn", "property")
    True

    Raises
    ------
    ParameterError
        It is none of these.
    """
    return _term(
        f"{RDF.type}" if given == "a" else given, name, "ontology#", "an IRI, a CURIE, or a name as in statedIn"
    )


def terms(given: Iterable[str], name: str) -> tuple[str, ...]:
    """The IRIs of some of them, each once; errors as of `term`."""
    return tuple(dict.fromkeys(term(each, name).value for each in given))


def _term(given: str, name: str, below: str, expected: str) -> ox.NamedNode:
    prefix, colon, _ = given.partition(":")
    if not given or len(given) > _LONGEST or (colon and not prefix):
        raise ParameterError(name, f"{expected}, of at most {_LONGEST:,} characters")
    try:
        found = Parameter(name, "iri", "", below=below).term(given)
    except ParameterError as error:
        prefixes = ", ".join(sorted(PREFIXES))
        raise ParameterError(name, f"{expected}, not {given[:80]!r}; prefixes are {prefixes}") from error
    assert isinstance(found, ox.NamedNode)  # noqa: S101  (that is what the type says)
    return found
