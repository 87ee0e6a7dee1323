"""What may be chosen of any network, beside the parameters of its own query: from typed text to a choice.

Command line and service hand over names and texts; the names of all networks are those of `COMMON`, then the filters
and the query's own parameters of the definition at hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import get_args

from kg.analysis.definitions import Definition, Side
from kg.analysis.projection import Choice, Weighting
from kg.errors import ParameterError
from kg.queries import Parameter
from kg.queries.parameters import is_identifier

COMMON = (
    Parameter("from", "date", "only records that had not ended before this day", example="2019-01-01", optional=True),
    Parameter("until", "date", "only records that had begun by this day", example="2021-12-31", optional=True),
    Parameter("weighting", "string", "count, or newman: 1/(k-1) for each shared event of k actors", default="count"),
    Parameter("nodes", "string", "actors, events, or both for a two-mode network", example="both", optional=True),
    Parameter("minimum", "decimal", "leave out edges of less weight", default="0"),
    Parameter("most", "integer", "leave out events with more actors", example="100", optional=True),
    Parameter("isolates", "boolean", "whether nodes without edges stay", default="true"),
    Parameter("area", "iri", "only nodes there, or in a part of it", below="id/area/", example="CN", optional=True),
    Parameter(
        "kind", "iri", "only organizations of this type", below="concept/code/", example="university", optional=True
    ),
    Parameter(
        "sector",
        "iri",
        "only organizations of this sector",
        below="concept/code/",
        example="sector-higher-education",
        optional=True,
    ),
)
"""Parameters of all networks. The last three look at nodes, after weights are known: they cut the network, and change
no weight."""

NODES = {"area": ("area", "within"), "kind": ("type",), "sector": ("sector",)}
"""Parameters that look at nodes, and the attributes that they look at."""


@dataclass(frozen=True)
class Asked:
    """What was asked of a definition, checked.

    Attributes
    ----------
    given
        The texts as they were given, by name, without those that are the default.
    values
        Of the query's own parameters.
    choice
        Of what its rows leave open.
    cuts
        Attributes of nodes, and the values that one of them must have.
    """

    given: Mapping[str, str]
    values: Mapping[str, str]
    choice: Choice
    cuts: tuple[tuple[tuple[str, ...], frozenset[str]], ...]


def known(definition: Definition) -> tuple[Parameter, ...]:
    """All parameters of a network: the query's own, its filters, those that make sense of `COMMON`."""
    incidence, dated = {"weighting", "nodes", "most"}, {"from", "until"}
    common = [
        each
        for each in COMMON
        if (definition.form == "incidence" or each.name not in incidence)
        and (definition.dated or each.name not in dated)
    ]
    return (*definition.query.parameters, *definition.filters, *common)


def read(definition: Definition, given: Mapping[str, str]) -> Asked:
    """Typed texts as what they mean for a definition. A filter takes several values: ``role=coordinator,partner``.

    Raises
    ------
    ParameterError
        A name is unknown, a value is not of its type or none of those allowed, or both a query's own parameter and one
        of all networks have a name.
    """
    of = {each.name: each for each in known(definition)}
    if unknown := sorted(set(given) - set(of)):
        raise ParameterError(unknown[0], f"one of {', '.join(of)}")
    own = {each.name for each in definition.query.parameters}
    if doubled := sorted(own & {each.name for each in COMMON}):
        raise ParameterError(doubled[0], f"another name in {definition.query.path}: all networks have one of this name")
    texts = {name: each.default for name, each in of.items() if each.default is not None and name not in own}
    texts |= {name: value for name, value in given.items() if name not in own}
    choice = Choice(
        filters=tuple(
            (each.name, _several(each, texts[each.name])) for each in definition.filters if each.name in texts
        ),
        first=_day(of, texts, "from"),
        last=_day(of, texts, "until"),
        weighting=_weighting(texts.get("weighting", "count")),
        nodes=_side(texts.get("nodes")),
        minimum=float(_checked(of, texts, "minimum")),
        most=int(_checked(of, texts, "most")) if "most" in texts else None,
        isolates=_checked(of, texts, "isolates") == "true",
    )
    cuts = tuple((NODES[name], _several(of[name], texts[name])) for name in NODES if name in texts)
    if choice.first and choice.last and choice.first > choice.last:
        raise ParameterError("until", f"a day that is not before {choice.first}")
    if choice.minimum < 0:
        raise ParameterError("minimum", "a number of 0 or more")
    return Asked(dict(given), {name: given[name] for name in given if name in own}, choice, cuts)


def _several(parameter: Parameter, text: str) -> frozenset[str]:
    """IRIs of short names parted by commas or blanks; whole IRIs, which may hold commas, are parted by blanks."""
    parts = text.split() if is_identifier(text.strip()) else re.split(r"[,\s]+", text.strip())
    for part in parts:
        if parameter.values and part not in parameter.values and not is_identifier(part):
            raise ParameterError(parameter.name, f"one of {', '.join(parameter.values)}, not {part!r}")
    return frozenset(parameter.term(part).value for part in parts)


def _checked(of: Mapping[str, Parameter], texts: Mapping[str, str], name: str) -> str:
    return of[name].term(texts[name]).value


def _day(of: Mapping[str, Parameter], texts: Mapping[str, str], name: str) -> date | None:
    return date.fromisoformat(_checked(of, texts, name)) if name in texts else None


def _weighting(text: str) -> Weighting:
    if text == "count":
        return "count"
    if text == "newman":
        return "newman"
    raise ParameterError("weighting", f"one of {', '.join(get_args(Weighting))}")


def _side(text: str | None) -> Side | None:
    for side in get_args(Side):
        if text == side:
            return side  # type: ignore[no-any-return]
    if text is None:
        return None
    raise ParameterError("nodes", f"one of {', '.join(get_args(Side))}")
