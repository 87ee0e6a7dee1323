"""Groups over many nodes, written so that engines evaluate them in one go instead of node by node.

Reading: what a group's triples say of its nodes, and of the values found so far, is joined as `steps.Step.scan`. Only
steps forwards from what is bound are read so, which have few values each, and the last pattern of all; so the joins in
the order of the text grow no further than look-ups would. An engine keeps what is read in memory, so there are `MOST`.

Setting apart: ``G FILTER NOT EXISTS { N }`` leaves a solution m of G out if N, with the values of m put in, has one
(SPARQL 1.1, section 18.6). Let N be triples and filters, S the variables that N and G share, all of them bound in each
solution of G. What m puts in are then its values of S, so it is left out if and only if N, joined with them, has a
solution. With P a part of G's joins that binds what the filters of N ask of G, that is what
``G MINUS { SELECT S { P N } }`` says: m, cut to the variables of P, is a solution of P; whichever solution of P and N
agrees with m on S shows one of N; and as S is bound on both sides, and is not empty, to be compatible is to agree.

A variable of S may be bound by a BIND instead, whether it comes to a value or to an error, if it is computed from bound
variables alone: P repeats the BIND, and S has what it computes from in its place, on which it depends.

MINUS stands as soon as S is bound: later patterns, BIND and OPTIONAL add to solutions, and do not change S.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from kg.sparql.groups import Element, Group, Select, Word, in_scope, variables, words
from kg.validation.compiler.steps import Step, steps_of

MOST = 4
"""Predicates that are read from end to end for one group."""
_BY_CHANCE = frozenset({"RAND", "UUID", "STRUUID", "BNODE"})


@dataclass(frozen=True)
class Reading:
    """Triples parted into what is read from end to end and what is left as it is."""

    steps: tuple[Step, ...]
    left: tuple[Step, ...]

    @property
    def text(self) -> str:
        """Both, as they stand in a group."""
        return "".join(f" {step.scan}" for step in self.steps) + "".join(f" {step.pattern} ." for step in self.left)


@dataclass(frozen=True)
class Lack:
    """A ``FILTER NOT EXISTS`` that can be set apart.

    Attributes
    ----------
    shared
        The variables by which it is told which solutions it leaves out.
    before
        P above: whether the nodes are part of it, the steps and the BINDs.
    steps, filters
        What there must not be.
    """

    shared: tuple[str, ...]
    nodes: bool
    before: tuple[Step, ...]
    binds: tuple[Element, ...]
    steps: tuple[Step, ...]
    filters: tuple[Element, ...]

    @property
    def is_plain(self) -> bool:
        """Whether it is one triple, which needs no sub-select."""
        several = self.nodes or self.before or self.filters or len(self.steps) > 1
        return not several and len(self.steps[0].predicates) == 1


@dataclass(frozen=True)
class AtOnce:
    """What of a group can be read or set apart.

    Parameters
    ----------
    joined
        The variables of the nodes, if they are joined at the beginning of the group.
    constants
        Variables that have one value, and how it is written.
    """

    group: Group
    joined: frozenset[str]
    constants: Mapping[str, str]

    @cached_property
    def labelled(self) -> bool:
        """Whether blank nodes have labels, whose patterns must stay together (section 19.6)."""
        return any(word.text.startswith("_:") for element in self._triples for word in words(*element.pieces))

    @cached_property
    def readings(self) -> dict[Element, Reading]:
        """Triples with something to read, up to the first that is left."""
        found: dict[Element, Reading] = {}
        bound, places = set(self.joined), MOST
        for element in self._triples if self.joined and not self.labelled else ():
            steps = steps_of(element, self.constants)
            forward = list(_forward(steps, bound, places))
            left = steps[len(forward) :]
            if element == self._triples[-1] and len(left) == 1 and self._ends(left[0], bound, places, forward):
                forward, left = [*forward, *left], ()
            places -= sum(len(step.predicates) for step in forward)
            if forward:
                found[element] = Reading(tuple(forward), left)
            if left or not steps:
                break
        return found

    def lack(self, element: Element) -> Lack | None:
        """The filter as something to set apart; None if it is none that can be."""
        inner = _absent(element)
        steps = [steps_of(part, self.constants) for part in inner if part.kind == "triples"]
        filters = tuple(part for part in inner if part.kind == "filter")
        if (
            not steps
            or not all(steps)
            or any(part.groups for part in filters)
            or len(steps) + len(filters) < len(inner)
        ):
            return None
        return self._lack(tuple(step for several in steps for step in several), filters)

    def _lack(self, steps: tuple[Step, ...], filters: tuple[Element, ...]) -> Lack | None:
        own = {name for step in steps for name in step.variables}
        asked = {name for part in filters for name in variables(*part.pieces)} - self.constants.keys()
        shared = (own | asked) & self._seen
        computed = shared - self._certain
        if not computed <= self._computed.keys() or (computed and not self.joined):
            return None
        sources = {name for one in computed for name in _sources(self._computed[one])} - self.constants.keys()
        before = self._before(((asked - own) & self._seen - computed) | sources)
        if before is None:
            return None
        known = {name for step in before for name in step.variables}
        nodes = bool(computed or ((asked - own) & self.joined) - known)
        known |= computed | (self.joined if nodes else set())
        binds = tuple(self._computed[name] for name in sorted(computed))
        keys = tuple(sorted((shared - computed) | sources))
        fits = keys and sum(len(step.predicates) for step in (*before, *steps)) <= MOST
        if not fits or not _connected(steps, known, set(keys)):
            return None
        return Lack(keys, nodes, before, binds, steps, filters)

    @cached_property
    def _triples(self) -> list[Element]:
        return [element for element in self.group.elements if element.kind == "triples"]

    @cached_property
    def _seen(self) -> set[str]:
        return ({*in_scope(self.group)} | self.joined) - self.constants.keys()

    @cached_property
    def _certain(self) -> set[str]:
        return certain(self.group) | self.joined

    @cached_property
    def _computed(self) -> dict[str, Element]:
        """BINDs that give each solution what follows from its certain variables."""
        binds = {[*words(*one.pieces)][-2].variable: one for one in self.group.elements if one.kind == "bind"}
        known = self._certain | self.constants.keys()
        return {name: one for name, one in binds.items() if _follows(one) and _sources(one) <= known}

    def _before(self, names: Iterable[str]) -> tuple[Step, ...] | None:
        """The steps read that lead from the nodes to some variables; None if there are no such."""
        by_value = {
            step.object[1:]: step
            for reading in self.readings.values()
            for step in reading.steps
            if step.object[0] == "?" and step.object[1:] not in self.joined
        }
        found: list[Step] = []
        missing = [name for name in sorted(names) if name not in self.joined]
        while missing:
            step = by_value.pop(missing.pop(), None)
            if step is None:
                return None
            found.insert(0, step)
            reached = self.joined | {name for known in found[1:] for name in known.variables}
            missing += [step.subject[1:]] * (step.subject[1:] not in reached)
        return tuple(found)

    @staticmethod
    def _ends(step: Step, bound: set[str], places: int, forward: list[Step]) -> bool:
        """Whether the last pattern of a group leads to a bound variable."""
        taken = sum(len(known.predicates) for known in (*forward, step))
        return step.object[1:] in bound and step.object[0] == "?" and taken <= places


def certain(group: Group) -> set[str]:
    """The variables that every solution of a group binds."""
    return set().union(*map(bound_by, group.elements)) if group.elements else set()


def bound_by(element: Element) -> set[str]:
    """The variables that every solution of an element binds; a sub-select has the nodes joined."""
    if element.kind in ("triples", "values"):
        return variables(*element.pieces)
    if element.kind == "union":
        return set.intersection(*map(certain, element.groups))
    if element.kind == "graph":
        (group,) = element.groups
        return variables(*(piece for piece in element.pieces if isinstance(piece, Word))) | certain(group)
    queries = [piece for piece in element.pieces if isinstance(piece, Select)] if element.kind == "select" else []
    return {name for query in queries for name in {*query.projected} & {"this", *certain(query.group)}}


def _forward(steps: Iterable[Step], bound: set[str], places: int) -> Iterator[Step]:
    """The first steps, as long as each begins at something bound; what they lead to is bound from then on."""
    for step in steps:
        places -= len(step.predicates)
        if step.subject[1:] not in bound or places < 0:
            return
        bound.update(step.variables)
        yield step


def _connected(steps: Iterable[Step], known: set[str], shared: set[str]) -> bool:
    """Whether no two steps have to be combined at random."""
    reached = known or shared
    for step in steps:
        if not reached & set(step.variables[: 1 if known else 2]):
            return False
        known = reached = known | set(step.variables)
    return True


def _absent(element: Element) -> tuple[Element, ...]:
    """What must not exist, if an element is a ``FILTER NOT EXISTS``."""
    before = [piece.upper for piece in element.pieces if isinstance(piece, Word)]
    return element.groups[0].elements if before == ["FILTER", "NOT", "EXISTS"] else ()


def _sources(bind: Element) -> set[str]:
    """The variables that a BIND computes from."""
    return {word.variable for word in [*words(*bind.pieces)][:-2]} - {""}


def _follows(bind: Element) -> bool:
    """Whether a BIND gives the same for the same values: no function of chance or of others, nothing of the graph."""
    every = list(words(*bind.pieces))
    called = any(one.text[0] == "<" and two.text == "(" for one, two in pairwise(every))
    return not called and not bind.groups and not _BY_CHANCE & {word.upper for word in every}
