"""A SPARQL update carried out on a database that nobody else sees, operation by operation.

Neither LOAD nor SERVICE ever reaches the network through the engine: a LOAD is fetched by whoever is given for that,
and SERVICE is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyoxigraph as ox

from kg.errors import KgError, RefusedError, StoreError, UpdateFailedError
from kg.sparql import updates
from kg.sparql.mending import mended
from kg.sparql.operations import DEFAULT, Operation
from kg.store.bodies import graph_name, quads
from kg.store.changes import Part, Update
from kg.store.durable import remedy

Fetch = Callable[[str], Part]
"""What gets a document for LOAD; raises RefusedError or SourceError where it may not or cannot."""


def refused(address: str) -> Part:
    """Fetches nothing."""
    raise RefusedError(f"LOAD of {address} is refused: this service fetches nothing; send the data itself")


def operations(update: Update) -> list[Operation]:
    """What a request asks for, with the dataset of the protocol in it.

    Raises
    ------
    QuerySyntaxError
        It is not SPARQL.
    QueryError
        It has a dataset of its own and the protocol names another.
    RefusedError
        It uses SERVICE.
    """
    found = updates.read(mended(update.text), update.base)
    if updates.has_keyword(found, "SERVICE", update.base):
        raise RefusedError("SERVICE is refused in updates: ask the other server by itself, and insert what it answers")
    if updates.has_keyword((each for each in found if each.kind != "LOAD"), "LOAD", update.base):
        raise RefusedError("this request hides a LOAD; write it as an operation of its own")
    if update.using or update.using_named:
        return updates.with_dataset(found, update.using, update.using_named, update.base)
    return found


def carry_out(database: ox.Store, wanted: Sequence[Operation], base: str | None, fetch: Fetch = refused) -> None:
    """Do operations, one after the other; what has been done stays when one fails.

    Raises
    ------
    RefusedError
        A document may not be fetched.
    UpdateFailedError
        One cannot be done: it creates a graph that is there, drops one that is not.
    SourceError
        A document cannot be fetched or read.
    StoreError
        The database cannot be written.
    """
    for operation in wanted:
        if operation.kind == "LOAD":
            _load(database, operation, fetch)
        else:
            _do(database, operation, base)


def _do(database: ox.Store, operation: Operation, base: str | None) -> None:
    try:
        database.update(operation.request, base_iri=base)
    except OSError as error:
        raise StoreError(f"the database could not be written: {remedy(error)}") from error
    except (RuntimeError, ValueError, SyntaxError) as error:
        raise UpdateFailedError(f"{operation.kind}: {error}") from error


def _load(database: ox.Store, operation: Operation, fetch: Fetch) -> None:
    """LOAD (SPARQL 1.1 Update, section 3.1.4): all or nothing of the document; SILENT passes over what goes wrong."""
    (target,) = operation.targets
    graph = None if target == DEFAULT else target
    try:
        found = list(quads(fetch(operation.document), graph_name(graph), operation.document))
    except KgError:
        if not operation.silent:
            raise
        return
    if graph:
        database.add_graph(ox.NamedNode(graph))
    database.extend(found)
