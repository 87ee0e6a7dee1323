"""Definitions of networks: query files whose header says what network their rows make.

In come named queries, ours from ``queries/networks`` or a user's own file; out go definitions. A query gives rows of
records, never sums: who takes part in what (form ``incidence``: columns ``actor`` and ``event``) or who is joined to
whom (form ``edges``: columns ``one`` and ``other``). Weights, spans of time and sides are chosen afterwards, from the
same rows, by `kg.analysis.projection`.

The header's map ``network`` has the keys

- ``form``: ``incidence`` or ``edges``; by the columns when left out.
- ``directed``: ``true`` where edges lead from one to other; ``false`` when left out.
- ``nodes``: of incidence, what the nodes are unless asked otherwise: ``actors`` (the default), ``events``, ``both``.
- ``filters``: a list of parameters, as the header's own, each named like a column: rows that have another value there
  are left out before anything is counted.
- ``records``: of edges, the column that counts the records behind one, where it has another name than that.
- ``links``: of incidence, how the same rows stand in the graph, so that a large register need not be asked by SPARQL
  (`kg.analysis.links`).

Further columns that mean something: ``record`` (what joins the two; the event when there is none), ``first`` and
``last`` (days of a record), ``weight`` (of edges, above 0), ``records`` (of edges: how many stand behind one).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from kg import assets, queries
from kg.errors import ConfigError, NetworkError
from kg.queries import NamedQuery, Parameter
from kg.queries.files import parameters
from kg.vocabulary import PREFIXES

FAMILY = "networks"

Form = Literal["incidence", "edges"]
Side = Literal["actors", "events", "both"]

NEEDED: Mapping[Form, tuple[str, str]] = {"incidence": ("actor", "event"), "edges": ("one", "other")}
"""The columns that a form needs."""

_KEYS = {"form", "directed", "nodes", "filters", "links", "records"}


@dataclass(frozen=True)
class Links:
    """The rows of an incidence as they stand in the graph: every event has its actors and values itself.

    Attributes
    ----------
    actor
        IRIs of properties that lead from an event to an actor.
    role
        The column that tells by which property; empty if none does.
    columns
        Column to the property of the event that it holds; an event without one has nothing there.
    """

    actor: tuple[str, ...]
    role: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Definition:
    """A network that can be projected from any release."""

    query: NamedQuery
    form: Form
    directed: bool = False
    nodes: Side = "actors"
    filters: tuple[Parameter, ...] = ()
    links: Links | None = None
    records: str = "records"

    @property
    def name(self) -> str:
        """Of ours without the family: ``co-participation``; of a user's file its stem."""
        return self.query.name.removeprefix(f"{FAMILY}/")

    @property
    def digest(self) -> str:
        """SHA-256 of the file's text."""
        return hashlib.sha256(self.query.text.encode()).hexdigest()

    @property
    def columns(self) -> frozenset[str]:
        """Names of the columns of its rows."""
        return frozenset(column.name for column in self.query.columns)

    @property
    def dated(self) -> bool:
        """Whether its rows tell when."""
        return {"first", "last"} <= self.columns


def load(folder: Path | None = None) -> dict[str, Definition]:
    """All definitions of a folder of query files (ours if none is given) by name: those with a map ``network``.

    Raises
    ------
    ConfigError
        A file is not what it should be; the text names it.
    """
    return among(queries.load(folder or assets.folder("queries")))


def among(known: Mapping[str, NamedQuery]) -> dict[str, Definition]:
    """The definitions among named queries, by name; errors as of `load`."""
    made = (of(query) for query in known.values() if query.network)
    return {definition.name: definition for definition in made}


def find(name: str, folder: Path | None = None) -> Definition:
    """The definition with a name, or that of a file whose name ends in ``.rq``.

    Raises
    ------
    UnknownQueryError
        There is none of this name; the text says which ones come close.
    ConfigError, NetworkError
        The file is not what it should be.
    """
    if name.endswith(".rq"):
        path = Path(name)
        return of(replace(queries.read(path), name=path.stem))
    known = load(folder)
    listed = {key: definition.query for key, definition in known.items()}
    return of(queries.find(listed, name.removeprefix(f"{FAMILY}/"), lists="kg network list"))


def of(query: NamedQuery) -> Definition:
    """The network that a query defines.

    Raises
    ------
    NetworkError
        Its columns make none.
    ConfigError
        Its header says of a network what cannot be.
    """
    header = query.network
    if unknown := sorted(set(header) - _KEYS):
        raise _wrong(query, f"network has no key {', '.join(unknown)}; known are {', '.join(sorted(_KEYS))}")
    form = _form(query, header)
    names = {column.name for column in query.columns}
    missing = [name for name in NEEDED[form] if name not in names]
    if missing:
        raise NetworkError(f"{query.path}: a network of form {form} needs the column {' and '.join(missing)}")
    if header.get("directed", "false") not in {"true", "false"}:
        raise _wrong(query, "directed must be true or false")
    if (directed := header.get("directed") == "true") and form == "incidence":
        raise _wrong(query, "only edges can be directed: who takes part in what has no direction")
    if (nodes := header.get("nodes", "actors")) not in get_args(Side) or ("nodes" in header and form == "edges"):
        raise _wrong(query, f"nodes must be one of {', '.join(get_args(Side))}, of a network of form incidence")
    if (records := header.get("records", "records")) not in names and "records" in header:
        raise _wrong(query, f"records names the column {records}, which is not there")
    return Definition(query, form, directed, nodes, _filters(query, header), _links(query, header), records)


def _form(query: NamedQuery, header: Mapping[str, Any]) -> Form:
    if form := header.get("form"):
        if form not in NEEDED:
            raise _wrong(query, f"form must be one of {', '.join(NEEDED)}, not {form}")
        return "edges" if form == "edges" else "incidence"
    names = {column.name for column in query.columns}
    for form, needed in NEEDED.items():
        if names >= set(needed):
            return form
    raise NetworkError(
        f"{query.path}: its columns are {', '.join(sorted(names))}; a network needs actor and event (who takes part in"
        " what), or one and other (who is joined to whom)"
    )


def _filters(query: NamedQuery, header: Mapping[str, Any]) -> tuple[Parameter, ...]:
    made = parameters(query, header.get("filters", []))
    for each in made:
        if each.name not in {column.name for column in query.columns}:
            raise _wrong(query, f"the filter {each.name} is no column")
    return made


def _links(query: NamedQuery, header: Mapping[str, Any]) -> Links | None:
    told = header.get("links")
    if told is None:
        return None
    names = {column.name for column in query.columns} - {"event", "actor"}
    try:
        actor = tuple(_expanded(each) for each in told["actor"])
        values = {name: _expanded(term) for name, term in told.items() if name not in {"actor", "role"}}
    except (KeyError, TypeError, AttributeError) as error:
        raise _wrong(query, f"links must map actor to a list of properties, columns to one each: {error}") from error
    role = str(told.get("role", ""))
    if {*values, *filter(None, [role])} != names:
        raise _wrong(query, f"links must tell of each column: {', '.join(sorted(names))}")
    return Links(actor, role, values)


def _expanded(term: str) -> str:
    prefix, _, local = term.partition(":")
    return f"{PREFIXES[prefix]}{local}"


def _wrong(query: NamedQuery, what: str) -> ConfigError:
    return ConfigError(f"{query.path}: {what}")
