"""What a parameter that takes a thing can be given: which things there are, and which one a word means.

A thing is named by its IRI, by a CURIE, by the last part of its IRI where the file says below what (``CN``), or by what
it is called in any language. The last two are looked up in the graph, so that a word that means nothing, or several
things, is an error that says what there is, and no empty answer.

Nothing here asks a store: each function is a generator that yields a `Lookup` and is sent the `Table` that answers it,
so that the command line and the service, where asking is awaited, drive the same code.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

import pyoxigraph as ox

from kg import iris
from kg.errors import AmbiguousError, ParameterError
from kg.queries.labels import ENGLISH, Label, best
from kg.queries.named import NamedQuery
from kg.queries.parameters import Parameter, is_identifier
from kg.queries.table import Table
from kg.vocabulary import RDFS, SKOS, TT

MOST = 200
"""As many things as are listed; of more, a parameter takes any."""

_FOUND = 1000
_SHOWN = 12
_NAMES = (RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.notation)
_NAMINGS = " ".join(f"<{name}>" for name in _NAMES)
_CLASSES = MappingProxyType(
    {
        "id/area/": TT.Area,
        "id/doc/": TT.Document,
        "id/edition/": TT.ReportEdition,
        "id/indicator/": TT.Indicator,
        "id/org/": TT.Organization,
        "id/period/": TT.Period,
        "id/population/": TT.Population,
        "id/series/": TT.ReportSeries,
    }
)
_SCHEME = re.compile(r"concept/(?!code/|external/$)(?:external/)?[\w-]+/")
_NAME_OF_IRI = re.compile(r"[A-Za-z0-9._~#=/+-]+")

T = TypeVar("T")


@dataclass(frozen=True)
class Lookup:
    """A SELECT query, and the columns that it projects."""

    text: str
    columns: tuple[str, ...]


Steps = Generator[Lookup, Table, T]
"""Asks by yielding, is sent the answers, and returns what it found."""


@dataclass(frozen=True)
class Choice:
    """A thing that a parameter may be given: its IRI, the short form of that, and what it is called."""

    iri: str
    short: str
    names: tuple[Label, ...] = ()
    others: tuple[str, ...] = ()

    def label(self, language: str = ENGLISH) -> Label | None:
        """What to show of it, as `kg.queries.labels.best` has it; None where it has no name."""
        return best(self.names, language) if self.names else None

    def __str__(self) -> str:
        label = self.label()
        return f"{self.short} ({label})" if label and label != self.short else self.short


def is_listed(parameter: Parameter) -> bool:
    """Whether what a parameter may be given can be listed at all."""
    return _members(parameter) is not None


def choices(parameter: Parameter) -> Steps[tuple[Choice, ...] | None]:
    """The things that a parameter may be given, in the order of their short forms; None if they are not listed.

    They are what the header lists, or all concepts of the scheme, or all things of the class, that ``below`` says, up
    to `MOST`. IRIs and CURIEs of others may be given all the same.
    """
    pattern = _members(parameter)
    if pattern is None:
        return None
    within = f"SELECT DISTINCT ?thing WHERE {{ {pattern} {_below(parameter)} }} LIMIT {MOST + 1}"
    text = f"""SELECT ?thing ?naming ?name WHERE {{
  {{ {within} }}
  OPTIONAL {{ VALUES ?naming {{ {_NAMINGS} }} ?thing ?naming ?name }}
}}"""
    found = _gathered(parameter, (yield Lookup(text, ("thing", "naming", "name"))))
    return None if len(found) > MOST else tuple(sorted(found, key=lambda choice: choice.short))


def resolved(query: NamedQuery, values: Mapping[str, str]) -> Steps[dict[str, str]]:
    """The same values, with the IRI in place of each word that names a thing.

    Raises
    ------
    AmbiguousError
        Several things are called so.
    ParameterError
        Nothing is called so; a value has the wrong type, or no parameter has that name.
    """
    query.refuse_unknown(values)
    found = dict(values)
    for parameter in query.parameters:
        value = values.get(parameter.name)
        if value is None or parameter.type != "iri" or not parameter.below or is_identifier(value):
            continue
        found[parameter.name] = yield from _thing(parameter, value)
    return found


def _thing(parameter: Parameter, value: str) -> Steps[str]:
    """The thing that a word means: by its short form, by what it is called, or because the graph tells of it at all."""
    listed = yield from choices(parameter)
    if listed and (chosen := _chosen(parameter, value, listed)):
        return chosen
    if _NAME_OF_IRI.fullmatch(value):
        term = parameter.term(value)
        told = f"EXISTS {{ {term} ?p ?o }} || EXISTS {{ ?s ?q {term} }}"
        if (yield Lookup(f"SELECT ?thing WHERE {{ BIND({term} AS ?thing) FILTER({told}) }}", ("thing",))).rows:
            return term.value
    if listed:
        raise _none_of(parameter, value, listed)
    called = _gathered(parameter, (yield _called(parameter, value)))
    return _meant(parameter, value, called, any_name=listed is not None or _members(parameter) is None)


def _chosen(parameter: Parameter, value: str, listed: Sequence[Choice]) -> str | None:
    """The one of those listed that a word means: its short form as it stands goes before its name."""
    for choice in listed:
        if choice.short == value:
            return choice.iri
    return _one(parameter, value, [choice for choice in listed if _is_called(choice, value)])


def _none_of(parameter: Parameter, value: str, listed: Sequence[Choice]) -> ParameterError:
    near = _near(value, listed)
    shown = ", ".join(map(str, (near or listed)[:_SHOWN]))
    rest = len(listed) - min(_SHOWN, len(near or listed))
    more = f" and {rest} more" if rest else ""
    return ParameterError(parameter.name, f"one of {shown}{more}; or an IRI; not {value!r}", _shorts(listed))


def _meant(parameter: Parameter, value: str, found: list[Choice], *, any_name: bool) -> str:
    """The one of those found that a word means.

    Where it cannot be known which things there are (``any_name``), what may be the end of an IRI is taken for one.
    """
    if one := _one(parameter, value, [choice for choice in found if _is_called(choice, value)]):
        return one
    near = sorted(found, key=lambda choice: (len(choice.label() or choice.short), choice.short))[:_SHOWN]
    if near:
        shown = ", ".join(map(str, near))
        raise ParameterError(parameter.name, f"what is in the graph, such as {shown}; not {value!r}", _shorts(near))
    if any_name and _NAME_OF_IRI.fullmatch(value):
        return parameter.term(value).value
    expected = f"an IRI, its last part as in {parameter.standing or parameter.example}, or a name; nothing is called"
    raise ParameterError(parameter.name, f"{expected} {value!r}")


def _one(parameter: Parameter, value: str, called: list[Choice]) -> str | None:
    if len(called) > 1:
        candidates = sorted(called, key=lambda choice: choice.short)
        raise AmbiguousError(parameter.name, value, [str(each) for each in candidates[:_SHOWN]], _shorts(candidates))
    return called[0].iri if called else None


def _near(value: str, listed: Sequence[Choice]) -> list[Choice]:
    """Those whose short form or name holds a word, then those that are spelt much like it."""
    word = _folded(value)
    names = {_folded(name): choice for choice in listed for name in (choice.short, *choice.names, *choice.others)}
    holding = [choice for name, choice in names.items() if word and word in name]
    alike = [names[name] for name in difflib.get_close_matches(word, names, n=_SHOWN)]
    return list(dict.fromkeys([*holding, *alike]))


def _shorts(found: Iterable[Choice]) -> list[str]:
    return [choice.short for choice in found]


def _is_called(choice: Choice, value: str) -> bool:
    return _folded(value) in {_folded(name) for name in (choice.short, *choice.names, *choice.others)}


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _called(parameter: Parameter, value: str) -> Lookup:
    """The things whose name holds a word, in either case."""
    try:
        word = ox.Literal(" ".join(value.split()).lower())
    except ValueError as error:  # text that is not Unicode
        raise ParameterError(parameter.name, f"text, not {value!r}") from error
    text = f"""SELECT ?thing ?naming ?name WHERE {{
  VALUES ?naming {{ {_NAMINGS} }}
  ?thing ?naming ?name . {_members(parameter) or ""} {_below(parameter)}
  FILTER(CONTAINS(LCASE(STR(?name)), {word}))
}} LIMIT {_FOUND}"""
    return Lookup(text, ("thing", "naming", "name"))


def _members(parameter: Parameter) -> str | None:
    """What the graph says of the things that a parameter may be given; None where it says nothing that they share."""
    if parameter.type != "iri" or not (below := parameter.below):
        return None
    if parameter.values:
        return f"VALUES ?thing {{ {' '.join(str(parameter.term(value)) for value in parameter.values)} }}"
    if below == "concept/code/":  # a scheme for each property: the one that the example is in
        example = parameter.term(parameter.example or parameter.default or "")
        return f"{example} <{SKOS.inScheme}> ?scheme . ?thing <{SKOS.inScheme}> ?scheme ."
    if below in ("concept/", "concept/external/"):
        return f"?thing a <{SKOS.ConceptScheme}> ."
    if _SCHEME.fullmatch(below):
        return f"?thing <{SKOS.inScheme}> <{iris.BASE}{below.rstrip('/')}> ."
    return f"?thing a <{_CLASSES[below]}> ." if below in _CLASSES else None


def _below(parameter: Parameter) -> str:
    return f"FILTER(STRSTARTS(STR(?thing), {ox.Literal(f'{iris.BASE}{parameter.below}')}))"


def _gathered(parameter: Parameter, rows: Table) -> list[Choice]:
    """The things of some rows with all their names; an alternative name or a notation is none to be shown."""
    names: dict[str, list[Label]] = {}
    others: dict[str, list[str]] = {}
    for thing, naming, name in rows.rows:
        if not isinstance(thing, ox.NamedNode):
            continue
        shown, hidden = names.setdefault(thing.value, []), others.setdefault(thing.value, [])
        if isinstance(name, ox.Literal) and isinstance(naming, ox.NamedNode):
            if naming.value in (RDFS.label, SKOS.prefLabel):
                shown.append(Label(name.value, name.language or ""))
            else:
                hidden.append(name.value)
    start = f"{iris.BASE}{parameter.below}"
    return [Choice(iri, iri.removeprefix(start), tuple(names[iri]), tuple(others[iri])) for iri in names]
