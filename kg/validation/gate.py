"""The gate: what is checked before a release is published, and the one place that decides.

A candidate release comes in as a store; out goes a report that is kept with the release. Violations refuse, Warnings
and Infos pass and are shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from kg import iris
from kg.store.base import Store
from kg.validation import reference, sparql
from kg.validation.report import Report, Result, Severity
from kg.validation.shapes import Shapes
from kg.vocabulary import XSD


def check(store: Store, shapes: Shapes, *, graphs: Sequence[str] | None = None) -> Report:
    """What the shapes find in the union of the graphs of a store (all when None).

    Core shapes run in pySHACL over the triples that they can see, SPARQL constraints as one query each on the store.
    The ontology must be among the graphs: it says what is a subclass of what.
    """
    seen = reference.merged(store, shapes.core_predicates, graphs=graphs)
    return reference.core(seen, shapes) + Report.of(sparql.run(store, shapes.constraints, graphs=graphs))


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
