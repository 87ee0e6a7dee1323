"""A plan on a store: the rows of its checks become results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from os import cpu_count

from pyoxigraph import Literal, NamedNode

from kg.errors import ConfigError
from kg.store.base import Row, Store, Term
from kg.store.embedded import EmbeddedStore
from kg.validation import messages
from kg.validation.compiler import sparql
from kg.validation.compiler.domains import nullable
from kg.validation.compiler.plan import WITHOUT_VALUE, Check, Plan
from kg.validation.model import Constraint, Shape, named
from kg.validation.paths import Path
from kg.validation.results import Result, Severity, own_severity
from kg.validation.terms import readable

THREADS = min(2, cpu_count() or 1)
"""Checks at a time: each may hold the values of some predicates in memory, so there are not more of them."""
_FALSE = Literal(False)


def run(
    store: Store,
    plan: Plan,
    *,
    graphs: Sequence[str] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Iterator[Result]:
    """What the checks of a plan find in the union of the graphs (all when None), in no particular order.

    Notes
    -----
    Cost is that of the queries; only what is at fault leaves the store. An embedded store works on `THREADS` checks at
    a time, each on a snapshot of its own; a server at the other end of a network gets one query after the other.
    """

    def found(check: Check) -> list[Result]:
        return list(results(check, store.select(check.query, graphs=graphs)))

    if isinstance(store, EmbeddedStore) and THREADS > 1 and len(plan.checks) > 1:
        with ThreadPoolExecutor(THREADS) as threads:
            yield from _told(plan, threads.map(found, plan.checks), progress)
    else:
        yield from _told(plan, map(found, plan.checks), progress)


def _told(plan: Plan, found: Iterator[list[Result]], progress: Callable[[str], None]) -> Iterator[Result]:
    """The results in the order of the plan; what is being waited for is told."""
    for done, check in enumerate(plan.checks):
        progress(f"checking {readable(check.shape.node)} ({done} of {len(plan.checks)} checks done)")
        yield from next(found)


def results(check: Check, rows: Iterable[Row]) -> Iterator[Result]:
    """The results that the rows of a check stand for."""
    if check.form == "flags":
        return _of_flags(check, rows)
    if check.form == "counts":
        return _of_counts(check, rows)
    if check.form == "query":
        return _of_query(check, rows)
    return _of_rows(check, rows)


def _of_flags(check: Check, rows: Iterable[Row]) -> Iterator[Result]:
    for row in rows:
        value = row.get("value", row["this"])
        for n, constraint in enumerate(check.constraints):
            if row.get(f"ok{n}", _FALSE) == _FALSE:
                yield _result(check.shape, constraint, row, None if constraint.name in WITHOUT_VALUE else value)


def _of_counts(check: Check, rows: Iterable[Row]) -> Iterator[Result]:
    for row, found in _grouped(check.shape, rows):
        for constraint in check.constraints:
            limit = int(getattr(constraint.term, "value", 0))
            if len(found) < limit if constraint.name == "minCount" else len(found) > limit:
                yield _result(check.shape, constraint, row, None, found)


def _of_rows(check: Check, rows: Iterable[Row]) -> Iterator[Result]:
    (constraint,) = check.constraints
    if constraint.name in WITHOUT_VALUE:
        for row, found in _grouped(check.shape, rows):
            yield _result(check.shape, constraint, row, None, found)
        return
    for row in rows:
        yield _result(check.shape, constraint, row, row.get("value", row["this"]))


def _of_query(check: Check, rows: Iterable[Row]) -> Iterator[Result]:
    """Section 5.3; a row that says ``?failure`` is no result: nobody knows whether the data is valid."""
    (constraint,) = check.constraints
    shape = check.shape
    query = constraint.query
    for row in rows:
        if row.get("failure") == Literal(True):
            raise ConfigError(f"{shape.name}: a query says of {readable(row['this'])} that it could not be checked")
        yield Result(
            focus=row["this"],
            path=sparql.path_of(shape, row),
            value=sparql.value_of(shape, row),
            shape=shape.name,
            component=constraint.component,
            severity=Severity.weight(shape.severity),
            own_severity=own_severity(shape.severity),
            message=sparql.message_of(shape, constraint, row),
            constraint=named(query.node) if query and constraint.name == "sparql" else None,
        )


def _grouped(shape: Shape, rows: Iterable[Row]) -> Iterator[tuple[Row, set[Term]]]:
    """The first row of each node (and language), and all values found there."""
    ordered = sorted(rows, key=_place)
    for _, group in groupby(ordered, key=_place):
        members = list(group)
        found = {row["found"] for row in members if "found" in row}
        if shape.path and nullable(shape.path):
            found.add(members[0]["this"])
        yield members[0], found


def _place(row: Row) -> tuple[str, str]:
    return str(row["this"]), str(row.get("language", ""))


def _result(
    shape: Shape, constraint: Constraint, row: Row, value: Term | None, found: Iterable[Term] | None = None
) -> Result:
    path = row.get("path")
    walked = Path.predicate(path.value) if isinstance(path, NamedNode) else shape.path
    if found is None:
        found = [value] if value is not None and walked else []
    return Result(
        focus=row["this"],
        path=walked,
        value=value,
        shape=shape.name,
        component=constraint.component,
        severity=Severity.weight(shape.severity),
        own_severity=own_severity(shape.severity),
        message=messages.text(shape, constraint, row, list(found)),
    )
