"""The gate: what is checked before a release is published, and the one place that decides.

A candidate release comes in as a store; out goes a report that is kept with the release. Violations refuse, Warnings
and Infos pass and are shown.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

from pyoxigraph import Literal, NamedNode

from kg import iris
from kg.store.base import Store
from kg.validation import reference, running
from kg.validation.compiler.domains import Sizes
from kg.validation.compiler.plan import Plan
from kg.validation.incremental.affected import Since, recheck
from kg.validation.model import Shape
from kg.validation.report import Report, Result, Severity
from kg.validation.shapes import Shapes
from kg.vocabulary import XSD

_log = logging.getLogger(__name__)


def check(
    store: Store,
    shapes: Shapes,
    *,
    graphs: Sequence[str] | None = None,
    only: Iterable[Shape] | None = None,
    since: Since | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """What the shapes find in the union of the graphs of a store (all when None).

    The ontology must be among the graphs: it says what is a subclass of what.

    Parameters
    ----------
    only
        Check these instead of all shapes with targets: shapes of ``shapes``, with targets or constraints of their own.
    since
        An earlier check and what has changed since then: only what the change can affect is checked again, and the
        report is the same as without.
    progress
        Told which shape is being checked, and how many of how many checks are done.
    """
    if since is not None:

        def again(some: Sequence[Shape]) -> Report:
            return check(store, shapes, graphs=graphs, only=some)

        return recheck(store, shapes.shapes, since, again, graphs=graphs)
    wanted = tuple(shapes.shapes if only is None else only)
    plan = Plan.of(wanted, Sizes.measured(store, wanted, graphs=graphs))
    for shape, reason in plan.uncompiled:
        _log.warning("%s is left to pySHACL, which is slow: %s", shape.name, reason)
    by_reference = reference.found(store, shapes.graph, [shape for shape, _ in plan.uncompiled], graphs=graphs)
    return Report.of([*running.run(store, plan, graphs=graphs, progress=progress), *by_reference])


def count_rows(table: str, *, expected: int, found: int) -> Report:
    """What to say of a table whose number of rows differs from the one in its source.toml.

    Fewer rows are a Violation: a download that broke off looks like this. More are a Warning: the source has grown.
    """
    if found == expected:
        return Report()
    fewer = found < expected
    advice = "restore the missing rows, or lower the number" if fewer else "check the new rows and raise the number"
    result = Result(
        focus=Literal(table),
        path=None,
        value=Literal(str(found), datatype=NamedNode(XSD.integer)),
        shape=f"{iris.SHAPES}{'SourceTableShape' if fewer else 'SourceTableAdvice'}",
        component=f"{iris.SHAPES}RowCountConstraintComponent",
        severity=Severity.VIOLATION if fewer else Severity.WARNING,
        message=f"The table has {found} rows, source.toml expects {expected}; {advice}.",
        source=table,
    )
    return Report((result,))


def admit(report: Report) -> Report:
    """The report, if what it is about may enter a release.

    Raises
    ------
    ValidationFailedError
        The report holds a Violation; it travels with the error.
    """
    report.raise_for_violations()
    return report
