"""The compiled form of shapes: a tuple of checks, each one SELECT over all focus nodes of a shape.

A check may answer for several constraints: all that look at a value alone share one pass over the values of a property
shape, and least and greatest number of values share one. What cannot be said in SPARQL is listed with the reason, so
that nothing is left out in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.validation.compiler import sparql
from kg.validation.compiler.domains import MANY, Domain, Sizes
from kg.validation.compiler.expressions import NotCompiledError, conjunction, holds
from kg.validation.compiler.limits import COUNTS, limits
from kg.validation.compiler.sets import QUERIES, Sets
from kg.validation.model import Constraint, Shape

WITHOUT_VALUE = frozenset({"hasValue", "uniqueLang", "qualifiedMinCount", "qualifiedMaxCount"})
"""Constraints on all values together: their results name none, and the message says which were found."""


@dataclass(frozen=True)
class Check:
    """One SELECT that binds ``?this`` to focus nodes at fault, and the constraints that it answers for.

    Attributes
    ----------
    form
        How its rows are read. ``flags``: ``?value`` breaks those constraints whose ``?ok0``, ``?ok1``, … is false (all
        of them if there is none). ``counts``: ``?found`` are the values of ``?this``, whose number breaks one of the
        constraints. ``rows``: each row is a result of the only constraint, with ``?value`` and ``?path`` where it has
        them, ``?found`` as above. ``query``: rows are those of SHACL-SPARQL.
    """

    query: str
    shape: Shape
    constraints: tuple[Constraint, ...]
    form: str


@dataclass(frozen=True)
class Plan:
    """What to ask of a store, and the shapes that SPARQL cannot say, each with the reason."""

    checks: tuple[Check, ...] = ()
    uncompiled: tuple[tuple[Shape, str], ...] = ()

    @classmethod
    def of(cls, shapes: Iterable[Shape], sizes: Sizes | None = None) -> Plan:
        """The plan for all shapes that have targets.

        Parameters
        ----------
        sizes
            Numbers of nodes and values, by which the way of each check is chosen; without them all are taken as many.
        """
        checks: list[Check] = []
        uncompiled: list[tuple[Shape, str]] = []
        for shape in shapes:
            if shape.targets:
                try:
                    checks += _Compiler(sizes or Sizes()).compiled(shape)
                except NotCompiledError as reason:
                    uncompiled.append((shape, str(reason)))
        return cls(tuple(checks), tuple(uncompiled))


class _Compiler:
    """Makes the checks of one shape."""

    def __init__(self, sizes: Sizes) -> None:
        self._sizes = sizes
        self._sets = Sets(sizes)

    def compiled(self, shape: Shape) -> list[Check]:
        """All checks of a shape with targets."""
        return list(self._checks(shape, Domain.of(shape.targets, self._sizes)))

    def _checks(self, shape: Shape, domain: Domain) -> Iterator[Check]:
        value = "?value" if shape.path else "?this"
        local = {known: holds(known, value, on_property=bool(shape.path)) for known in shape.constraints}
        yield from self._of_values(shape, domain, value, {known: text for known, text in local.items() if text})
        yield from self._of_counts(shape, domain)
        for constraint, text in local.items():
            if constraint.name in QUERIES:
                yield self._of_query(shape, constraint, domain)
            elif constraint.name == "property":
                inner = self._sets.domain_of_values(shape, domain, exact=True)
                yield from self._checks(constraint.shapes[0], inner)
            elif text is None and constraint.name not in COUNTS:
                yield self._of_sets(shape, constraint, domain, value)

    def _of_values(self, shape: Shape, domain: Domain, value: str, local: dict[Constraint, str]) -> Iterator[Check]:
        if not local:
            return
        flags = "".join(f" ({text} AS ?ok{n})" for n, text in enumerate(local.values())) if len(local) > 1 else ""
        body = self._sets.values(shape, "?this", value, domain, f"FILTER(!{conjunction(local.values())})")
        variables = "?this ?value" if shape.path else "?this"
        yield Check(f"SELECT DISTINCT {variables}{flags} {{ {body} }}", shape, tuple(local), "flags")

    def _of_counts(self, shape: Shape, domain: Domain) -> Iterator[Check]:
        counts = {known.name: known for known in shape.constraints if known.name in COUNTS}
        least, most = limits(counts)
        if least or most is not None:
            body = self._sets.counted(shape, "?this", domain, least, most)
            yield Check(_with_found(shape, body, "?this"), shape, tuple(counts.values()), "counts")

    def _of_sets(self, shape: Shape, constraint: Constraint, domain: Domain, value: str) -> Check:
        body = self._sets.violations(constraint, shape, "?this", value, domain)
        if constraint.name in WITHOUT_VALUE:
            language = " ?language" if constraint.name == "uniqueLang" else ""
            return Check(_with_found(shape, body, f"?this{language}"), shape, (constraint,), "rows")
        further = {"closed": " ?path", "lessThan": " ?other", "lessThanOrEquals": " ?other"}.get(constraint.name, "")
        return Check(f"SELECT DISTINCT ?this ?value{further} {{ {body} }}", shape, (constraint,), "rows")

    def _of_query(self, shape: Shape, constraint: Constraint, domain: Domain) -> Check:
        if reason := sparql.uncompiled(shape, constraint):
            raise NotCompiledError(reason)
        select = sparql.violations(shape, constraint, domain.at("?this"), many=domain.size >= MANY).select
        return Check(select, shape, (constraint,), "query")


def _with_found(shape: Shape, body: str, variables: str) -> str:
    """The SELECT with the values that a node does have, for its message."""
    if shape.path is None:
        return f"SELECT DISTINCT {variables} {{ {body} }}"
    nodes = f"{{ SELECT DISTINCT {variables} {{ {body} }} }}"
    return f"SELECT DISTINCT {variables} ?found {{ {nodes} OPTIONAL {{ ?this {shape.path.sparql} ?found }} }}"
