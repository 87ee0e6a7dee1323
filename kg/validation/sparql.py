"""SPARQL constraints of SHACL, each run once over all its focus nodes instead of once per focus node.

SHACL-SPARQL defines a constraint as a SELECT evaluated with ``$this`` bound to one focus node after the other
(https://www.w3.org/TR/shacl/#sparql-constraints). Binding first and joining later give the same solutions as joining
the pattern of the targets with the pattern of the constraint, as long as ``$this`` is never hidden: a sub-select must
project it, and ``MINUS`` and ``VALUES`` are not allowed (the same clauses that the standard forbids). So the target's
pattern goes into the outermost group of the SELECT, and one query answers for all. The tests hold each constraint's
result equal to that of pySHACL, which evaluates node by node.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.store.base import Row, Store
from kg.validation.paths import Path
from kg.validation.results import Result, Severity
from kg.validation.terms import readable
from kg.vocabulary import SH

_TOKEN = re.compile(
    r"""\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}   # long strings
      | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | <[^<>"{}|^`\\\s]*> | \#[^\n]*  # strings, IRIs, comments
      | [$?]\w+ | [\w-]*:[\w.-]* | \w+ | \S""",
    re.VERBOSE | re.DOTALL,
)
_REFUSED = frozenset({"SERVICE", "VALUES", "MINUS"})
_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")
_TARGETS = {
    "targetClass": "$this a/<http://www.w3.org/2000/01/rdf-schema#subClassOf>* <{iri}>",
    "targetNode": "BIND(<{iri}> AS $this)",
    "targetSubjectsOf": "$this <{iri}> ?target",
    "targetObjectsOf": "?target <{iri}> $this",
}


@dataclass(frozen=True, order=True)
class Target:
    """Which nodes a shape looks at: SHACL's property (``targetClass``, …) and its IRI."""

    kind: str
    iri: str

    @property
    def pattern(self) -> str:
        """The graph pattern that binds ``$this`` to the nodes."""
        return _TARGETS[self.kind].format(iri=self.iri)


@dataclass(frozen=True)
class Constraint:
    """One SPARQL constraint of one node shape; ``prefixes`` stand before ``select`` when it runs."""

    iri: str
    shape: str
    severity: Severity
    message: str
    targets: tuple[Target, ...]
    select: str
    prefixes: str = ""

    @property
    def query(self) -> str:
        """The SELECT over all focus nodes."""
        focus = " UNION ".join(f"{{ {target.pattern} }}" for target in self.targets)
        head, body = _split(self.select)
        return f"{self.prefixes}{head}{{ {{ SELECT DISTINCT $this WHERE {{ {focus} }} }}\n{body}"

    def problems(self) -> Iterator[str]:
        """What keeps the constraint from being run set-based, in words; nothing if all is well."""
        words = list(_words(self.select))
        for word in sorted(_REFUSED.intersection(word.upper() for word in words)):
            yield f"{word} is not allowed in a SPARQL constraint; say it with FILTER NOT EXISTS, BIND or UNION"
        if "$PATH" in words or "?PATH" in words:
            yield "$PATH needs a property shape; write the property into the query"
        if not self.targets:
            yield "its shape has no target, so it would never be checked"
        if "{" not in words:
            yield "the SELECT has no group"
            return
        projected = set(_words(_split(self.select)[0]))
        for name in ("this", *_PLACEHOLDER.findall(self.message)):
            if projected.isdisjoint({f"${name}", f"?{name}"}):
                yield f"the SELECT does not project ${name}"


def run(store: Store, constraints: Iterable[Constraint], *, graphs: Sequence[str] | None = None) -> Iterator[Result]:
    """What the constraints find in the union of the graphs (all when None), one query each, in no particular order.

    Notes
    -----
    Cost is that of the queries; a solution that occurs twice gives two equal results.
    """
    for constraint in constraints:
        for row in store.select(constraint.query, graphs=graphs):
            yield _result(constraint, row)


def _result(constraint: Constraint, row: Row) -> Result:
    path = row.get("path")
    return Result(
        focus=row["this"],
        path=Path.predicate(path.value) if isinstance(path, NamedNode) else None,
        value=row.get("value", row["this"]),
        shape=constraint.shape,
        component=SH.SPARQLConstraintComponent,
        severity=constraint.severity,
        message=_PLACEHOLDER.sub(
            lambda name: readable(row[name[1]]) if name[1] in row else name[0], constraint.message
        ),
        constraint=constraint.iri,
    )


def _words(query: str) -> Iterator[str]:
    """The words and signs of a query that are not inside a string, an IRI or a comment."""
    return (token for token in _TOKEN.findall(query) if token[0] not in "\"'#" and not re.match(r"<\S", token))


def _split(select: str) -> tuple[str, str]:
    """The SELECT before the brace that opens its outermost group, and what follows it."""
    brace = next(match for match in _TOKEN.finditer(select) if match[0] == "{")
    return select[: brace.start()], select[brace.end() :]
