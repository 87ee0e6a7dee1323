"""The nodes that a shape is tested on, as graph patterns, and how many there are.

Oxigraph keeps no statistics, so how a check is best written is decided from counts with a low limit: from a few nodes
their values are looked up, for many nodes it is ten times cheaper to read a predicate from end to end and to ask of the
few values that are at fault whether they belong to one of the nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kg.store.base import Store, Term, text_of
from kg.validation.compiler.expressions import constant
from kg.validation.model import Shape, Target
from kg.validation.paths import Path
from kg.vocabulary import RDF, RDFS

NODE = "\0"
"""Stands in patterns for the variable that they bind: a character that no term of RDF can have."""
INSTANCE = f"<{RDF.type}>/<{RDFS.subClassOf}>*"
MANY = 2_000
_LOOKUP = 10
"""What a look-up costs, in steps of a scan (seen with Oxigraph: 4 to 14 µs against 0.4 to 0.6)."""


@dataclass(frozen=True)
class Domain:
    """A set of nodes: a pattern that binds `NODE` to them, and their number (`MANY` stands for all above it).

    The pattern has no other variable in scope, so it can stand in a group more than once.
    """

    pattern: str
    size: int = MANY

    def at(self, variable: str) -> str:
        """The pattern that binds another variable."""
        return self.pattern.replace(NODE, variable)

    @classmethod
    def of(cls, targets: Sequence[Target], sizes: Sizes) -> Domain:
        """The nodes that a shape's targets name (section 2.1.3)."""
        named = [target for target in targets if target.kind == "targetNode"]
        parts = [*_listed(named), *map(_pattern, _found(targets))]
        size = sizes.number(targets)
        if len(parts) == 1:
            return cls(parts[0], min(size, MANY))
        union = " UNION ".join(f"{{ {part} }}" for part in parts)
        return cls(f"{{ SELECT DISTINCT {NODE} {{ {union} }} }}", min(size, MANY))


@dataclass(frozen=True)
class Sizes:
    """How many solutions patterns have, by pattern, each counted to a limit; what is not known counts as many."""

    known: dict[str, int] = field(default_factory=dict)

    @classmethod
    def measured(cls, store: Store, shapes: Iterable[Shape], *, graphs: Sequence[str] | None = None) -> Sizes:
        """Of the targets and the paths of some shapes."""
        shapes = list(shapes)
        targets = {pattern for shape in shapes for pattern in (*map(_pattern, _found(shape.targets)), *_classes(shape))}
        known = cls._counted(store, dict.fromkeys(sorted(targets), MANY), graphs)
        few = max((size for shape in shapes if (size := cls(known).number(shape.targets)) < MANY), default=0)
        steps = {step_pattern(path) for shape in shapes for path in _paths(shape)}
        return cls(known | cls._counted(store, dict.fromkeys(sorted(steps), _LOOKUP * few + 1), graphs))

    def number(self, targets: Sequence[Target]) -> int:
        """How many nodes the targets of a shape name, at most, as far as that is known."""
        found = _found(targets)
        return len(targets) - len(found) + sum(self.known.get(_pattern(target), MANY) for target in found)

    def scanned(self, domain: Domain, path: Path) -> bool:
        """Whether to read all of a path's values instead of looking up those of the nodes."""
        if not scannable(path):
            return False
        return domain.size >= MANY or self.known.get(step_pattern(path), MANY) <= _LOOKUP * domain.size

    def of(self, path: Path) -> int:
        """How many values there are along a path, at most `MANY`."""
        return min(MANY, self.known.get(step_pattern(path), MANY))

    @staticmethod
    def _counted(store: Store, limits: dict[str, int], graphs: Sequence[str] | None) -> dict[str, int]:
        """One query for all: a server at the other end of a network answers once."""
        parts = [_counting(n, pattern, limit) for n, (pattern, limit) in enumerate(limits.items())]
        if not parts:
            return {}
        rows = store.select(f"SELECT ?n ?count {{ {' UNION '.join(parts)} }}", graphs=graphs)
        counts = {int(text_of(row["n"])): int(text_of(row["count"])) for row in rows}
        return {pattern: counts.get(n, 0) for n, pattern in enumerate(limits)}


def _counting(number: int, pattern: str, limit: int) -> str:
    inner = f"SELECT ?this {{ {pattern.replace(NODE, '?this')} }} LIMIT {limit}"
    return f"{{ SELECT ({number} AS ?n) (COUNT(*) AS ?count) {{ {{ {inner} }} }} }}"


def scannable(path: Path) -> bool:
    """Whether a path is one step, forwards or backwards, or a choice of such: its values can be read in one go."""
    if path.operator in {"inversePath", "alternativePath"}:
        return all(map(scannable, path.parts))
    return path.operator == "predicate"


def nullable(path: Path) -> bool:
    """Whether a path may lead from a node to itself in no step at all."""
    if path.operator in {"zeroOrMorePath", "zeroOrOnePath"}:
        return True
    if path.operator == "alternativePath":
        return any(map(nullable, path.parts))
    return bool(path.parts) and all(map(nullable, path.parts))


def step_pattern(path: Path) -> str:
    """The pattern of all nodes that have a value along a path."""
    return f"{NODE} {path.sparql} ?any"


def instances(class_: Term) -> str:
    """The pattern of all instances of a class and of those below it (section 1.1)."""
    return f"{NODE} {INSTANCE} {class_}"


def _classes(shape: Shape) -> Iterator[str]:
    for nested in shape.within():
        yield from (instances(known.term) for known in nested.constraints if known.name == "class")


def _paths(shape: Shape) -> Iterator[Path]:
    return (nested.path for nested in shape.within() if nested.path and scannable(nested.path))


def _found(targets: Sequence[Target]) -> list[Target]:
    """The targets whose nodes are to be found in the data."""
    return [target for target in targets if target.kind != "targetNode"]


def _listed(targets: Sequence[Target]) -> list[str]:
    nodes = " ".join(constant(target.node) for target in targets)
    return [f"VALUES {NODE} {{ {nodes} }}"] if nodes else []


def _pattern(target: Target) -> str:
    if target.kind == "targetClass":
        return instances(target.node)
    step = f"{NODE} {target.node} ?any" if target.kind == "targetSubjectsOf" else f"?any {target.node} {NODE}"
    return f"{{ SELECT DISTINCT {NODE} {{ {step} }} }}"
