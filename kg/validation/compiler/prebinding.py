"""Pre-binding of SHACL for all focus nodes at once: a pattern that binds them is joined where the standard joins one.

SHACL defines pre-binding (appendix A) by joining each basic graph pattern of a query with a table of the variables and
their values. Here the table holds the values of all evaluations instead of one. Every solution of every part of a
query then says by its ``$this`` which evaluation it belongs to, and no operator that is allowed mixes two of them:

- Join and LeftJoin take only solutions that agree on ``$this``; Union, Filter, Extend and Graph work on one at a time.
- Grouping keeps them apart, as a SELECT must project ``$this`` and so has to group by it; so does DISTINCT.
- MINUS, VALUES, SERVICE and ``AS ?this`` are forbidden by the standard, and a sub-select has to project ``$this``.
- EXISTS puts the values at hand into its group, in nested groups too (SPARQL 1.1, section 18.6): its own pre-binding.

So the solutions are, as a multiset, those of all evaluations together. Only LIMIT and OFFSET count across focus nodes;
such queries are not compiled.

A join is left out where it changes nothing: where a group's own patterns bind ``$this`` before an expression asks for
it, the join of the outermost group suffices, as joins may be regrouped. It is needed at the beginning of

- the outermost group, and each sub-select, where it also keeps aggregates to the nodes that are asked for;
- a group with a FILTER, a BIND or the condition of an OPTIONAL that mentions ``$this`` unbound, as does
  ``{ FILTER(bound($this)) }``.

A path that may have no step, as in ``$this ex:p* ?value``, is joined like any pattern, so it starts at the nodes of the
graph: a focus node that the graph does not have finds nothing there. Engines that write the node into the path find the
node itself (SPARQL 1.1, section 9.3). Value nodes of a shape, which ASK validators are asked about, do include it.

Where there are many nodes, groups are written so that they are evaluated in one go: see `at_once`.

Parameters of components, ``$currentShape`` and ``$PATH`` have one value for all evaluations and are written in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg.sparql.groups import Element, Group, Piece, Select, Word, variables
from kg.validation.compiler.at_once import AtOnce, Lack, bound_by, certain


class InOtherGraphError(Exception):
    """The domain would have to be joined inside GRAPH."""


@dataclass(frozen=True)
class Writer:
    """Writes a query as text, with what is bound beforehand.

    Parameters
    ----------
    names
        The variables that ``domain`` binds.
    domain
        A graph pattern that binds them, and nothing else that is visible; empty to leave them open.
    constants
        Variables that have one value, and how it is written.
    many
        Whether the domain is large.
    """

    names: frozenset[str] = frozenset()
    domain: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)
    many: bool = False

    def select(self, query: Select, *, exists: bool = False) -> str:
        """A SELECT over the domain; inside an EXISTS, which binds its values, only if its patterns do not."""
        group = self.group(query.group, joined=not exists or not self.names <= certain(query.group))
        return f"{self._head(query.head)} WHERE {group}{self._tail(query.tail)}"

    def group(self, group: Group, *, joined: bool = False, within: bool = False, exists: bool = False) -> str:
        """A group in braces.

        Parameters
        ----------
        joined
            Whether the domain is joined in any case.
        within
            Whether the group is that of an OPTIONAL: its own filters see what is bound before it.
        exists
            Whether it is, or is part of, that of an EXISTS, into which values are put from without.
        """
        joined = not group.select and (joined or (not exists and self._wants(group, within=within)))
        start = f" {{ {self.domain} }}" if joined and self.domain else ""
        if self.many and not exists and not within:
            inner = "".join(self._at_once(group, self.names if start else frozenset()))
        else:
            inner = "".join(self._element(element, exists=exists) for element in group.elements)
        return f"{{{start}{inner} }}"

    def _at_once(self, group: Group, joined: frozenset[str]) -> Iterator[str]:
        """The elements of a group over many nodes."""
        whole = AtOnce(group, joined, self.constants)
        lacks = {element: lack for element in group.elements if (lack := whole.lack(element))}
        bound, late = set(joined), dict(lacks)
        for element in (None, *group.elements):
            if element and element not in lacks:
                reading = whole.readings.get(element)
                yield reading.text if reading else self._element(element, exists=False)
                bound |= bound_by(element)
            ready = [known for known, lack in late.items() if bound.issuperset(lack.shared) and not whole.labelled]
            yield from (self._apart(late.pop(known)) for known in ready)
        yield from map(self._apart, late.values())

    def _apart(self, lack: Lack) -> str:
        if lack.is_plain:
            return f" MINUS {{ {lack.steps[0].pattern} }}"
        nodes = f"{{ {self.domain} }} " if lack.nodes else ""
        before = "".join(f"{step.scan} " for step in lack.before)
        binds = "".join(self._pieces(bind.pieces, exists=False) for bind in lack.binds)
        steps = " ".join(f"{step.pattern} ." if lack.binds else step.scan for step in lack.steps)
        filters = "".join(self._pieces(known.pieces, exists=False) for known in lack.filters)
        shared = " ".join(f"?{name}" for name in lack.shared)
        return f" MINUS {{ SELECT {shared} {{ {nodes}{before}{binds} {steps}{filters} }} }}"

    def condition(self, group: Group) -> str:
        """The filters of a group of nothing else, as one expression that is never an error; empty if there is more."""
        if not group.elements or any(element.kind != "filter" for element in group.elements):
            return ""
        parts = [f"({self._pieces(element.pieces[1:], exists=True)})" for element in group.elements]
        return f"COALESCE({' && '.join(parts)} && true, false)"

    def _wants(self, group: Group, *, within: bool) -> bool:
        have: set[str] = set()
        asked: set[str] = set()
        for element in group.elements:
            if element.kind == "filter":
                asked |= set() if within else self._mentioned(element)
            elif (self._mentioned(element) if element.kind == "bind" else self._of_optional(element)) - have:
                return True
            have |= bound_by(element)
        return bool(asked - have)

    def _of_optional(self, element: Element) -> set[str]:
        """What the condition of an OPTIONAL asks of the left side."""
        if element.kind != "optional":
            return set()
        (group,) = element.groups
        asked = (self._mentioned(inner) for inner in group.elements if inner.kind == "filter")
        return set().union(*asked) - certain(group)

    def _mentioned(self, element: Element) -> set[str]:
        return variables(*element.pieces) & self.names

    def _element(self, element: Element, *, exists: bool) -> str:
        if element.kind in ("filter", "bind"):
            return self._pieces(element.pieces, exists=True)
        if element.kind == "select":
            (query,) = element.pieces
            return f" {self.select(query, exists=exists)}" if isinstance(query, Select) else ""
        text = self._pieces(element.pieces, exists=exists, within=element.kind == "optional")
        if element.kind == "graph" and self.domain and self.domain in text:
            raise InOtherGraphError
        return text

    def _pieces(self, pieces: tuple[Piece, ...], *, exists: bool, within: bool = False) -> str:
        written = []
        place = 0
        while place < len(pieces):
            piece = pieces[place]
            if isinstance(piece, Group):
                written.append(f" {self.group(piece, within=within, exists=exists)}")
            elif isinstance(piece, Word):
                known = self._is_bound(pieces[place : place + 4])
                written.append(f"{piece.space}{'(true)' if known else self._word(piece)}")
                place += 3 * known
            place += 1
        return "".join(written)

    def _is_bound(self, pieces: tuple[Piece, ...]) -> bool:
        """Whether four words ask if a constant is bound, which must not be asked of a term."""
        asked = [piece.upper for piece in pieces[:2] if isinstance(piece, Word)] == ["BOUND", "("]
        return asked and isinstance(pieces[2], Word) and pieces[2].variable in self.constants

    def _word(self, word: Word) -> str:
        return self.constants.get(word.variable, word.text)

    def _head(self, head: tuple[Piece, ...]) -> str:
        """The SELECT clause, without the variables that have one value; messages have it anyhow."""
        return self._outside_brackets(head, "")

    def _tail(self, tail: tuple[Piece, ...]) -> str:
        return self._outside_brackets(tail, "({})")

    def _outside_brackets(self, pieces: tuple[Piece, ...], form: str) -> str:
        depth, written = 0, []
        for piece in pieces:
            if not isinstance(piece, Word):
                written.append(self._pieces((piece,), exists=True))
                continue
            depth += (piece.text == "(") - (piece.text == ")")
            constant = self.constants.get(piece.variable)
            text = form.format(constant) if constant and not depth else self._word(piece)
            written.append(f"{piece.space}{text}")
        return "".join(written).strip()
