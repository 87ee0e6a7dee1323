"""What a shape reaches: its lookups, and where the results that it gives stand.

A shape with targets is taken apart into units that can be checked again alone: its core constraints with all that they
nest, and each of its SPARQL constraints. Units whose results cannot be told apart in a report, since two shapes share
a property shape, form a family and are checked again together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from kg.store.base import text_of
from kg.validation.compiler.sparql import standing
from kg.validation.incremental.lookups import HERE, Lookup, Ways, along, anywhere, closed, of_class, of_target, onward
from kg.validation.incremental.patterns import lookups, named_in
from kg.validation.model import Constraint, Shape, named
from kg.validation.paths import Path
from kg.vocabulary import SH

Owner = tuple[str, str | None]
"""What a report says of who gave a result: the source shape, and the SPARQL constraint where it was one."""

_PAIRS = ("equals", "disjoint", "lessThan", "lessThanOrEquals")


@dataclass(frozen=True)
class Unit:
    """Part of a shape with targets, as a shape of its own.

    Attributes
    ----------
    owners
        Who gives its results, and the ways from the unit's focus nodes to those that the results name.
    """

    shape: Shape
    owners: Mapping[Owner, Ways]

    @cached_property
    def targeted(self) -> tuple[Lookup, ...]:
        """What tells whether a node is among its focus nodes."""
        targets = self.shape.targets
        found = [lookup for target in targets for lookup in of_target(target.kind, text_of(target.node))]
        return (*found, *(anywhere() if any(target.kind == "targetNode" for target in targets) else ()))

    @cached_property
    def lookups(self) -> tuple[Lookup, ...] | None:
        """What it looks at from a focus node; None if that cannot be said: any change may change its results then."""
        return of_shape(self.shape, (HERE,))

    @cached_property
    def predicates(self) -> frozenset[str] | None:
        """All predicates in its lookups, and perhaps more; None for any. Of SPARQL only the words are read."""
        found: set[str] = set()
        for constraint in self.shape.constraints:
            words = named_in(standing(self.shape, constraint)) if constraint.name == "sparql" else None
            if words is None:
                return None
            found |= words
        return frozenset(found)


def families(shapes: Iterable[Shape]) -> list[list[Unit]]:
    """The units of all shapes that have targets, those together that share an owner."""
    found: list[list[Unit]] = []
    for unit in (unit for shape in shapes if shape.targets for unit in units(shape)):
        related = [family for family in found if any(unit.owners.keys() & other.owners.keys() for other in family)]
        found = [family for family in found if not any(family is other for other in related)]
        found.append([unit, *(other for family in related for other in family)])
    return found


def units(shape: Shape) -> Iterator[Unit]:
    """The units of one shape."""
    core = tuple(constraint for constraint in shape.constraints if constraint.name != "sparql")
    parts = [core, *((constraint,) for constraint in shape.constraints if constraint.name == "sparql")]
    for constraints in filter(None, parts):
        part = replace(shape, constraints=constraints)
        yield Unit(part, owners(part))


def owners(shape: Shape) -> dict[Owner, Ways]:
    """Who gives the results of a shape: itself, its SPARQL constraints, and the property shapes in it (section 3.4)."""
    found: dict[Owner, dict[Path, None]] = {}
    for owner, way in _owners(shape, HERE):
        found.setdefault(owner, {})[way] = None
    return {owner: tuple(ways) for owner, ways in found.items()}


def _owners(shape: Shape, way: Path) -> Iterator[tuple[Owner, Path]]:
    values = onward((way,), shape.path)[0]
    for constraint in shape.constraints:
        if constraint.name == "property":
            for nested in constraint.shapes:
                yield from _owners(nested, values)
        else:
            query = constraint.query if constraint.component == SH.SPARQLConstraintComponent else None
            yield (shape.name, named(query.node) if query else None), way


def of_shape(shape: Shape, start: Ways) -> tuple[Lookup, ...] | None:
    """What a shape looks at, its nested shapes included, its targets left out; None if that cannot be said.

    Parameters
    ----------
    start
        How the focus node of the whole comes to the one of this shape.
    """
    found = list(along(shape.path, start)) if shape.path else []
    values = onward(start, shape.path)
    for constraint in shape.constraints:
        parts = [_of_query(shape, constraint, start, values)] if constraint.query else []
        parts += [of_shape(nested, values) for nested in constraint.shapes]
        for part in parts:
            if part is None:
                return None
            found += part
        found += _of_core(constraint, start, values)
    return tuple(dict.fromkeys(found))


def _of_core(constraint: Constraint, start: Ways, values: Ways) -> Iterator[Lookup]:
    """What the components look at that ask for more than the value nodes (section 4)."""
    if constraint.name == "class":
        yield from of_class(text_of(constraint.term), values)
    elif constraint.name in _PAIRS:
        yield from along(Path.predicate(text_of(constraint.term)), start)
    elif constraint.name == "closed":
        yield closed(values)


def _of_query(shape: Shape, constraint: Constraint, start: Ways, values: Ways) -> tuple[Lookup, ...] | None:
    asks = constraint.query is not None and constraint.query.form == "ask"
    bound = {"this": start, "value": values} if asks else {"this": start}
    return lookups(standing(shape, constraint), bound)
