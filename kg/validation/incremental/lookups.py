"""Lookups: the triples that a shape looks at, and how a focus node comes to them.

A *lookup* is a predicate, and the ways by which a focus node comes to the subject or the object of such a triple. Here
they are made of property paths and targets, in `patterns` of SPARQL; `reach` gathers those of a shape, and
`affected` walks the ways backwards from the triples of a change.

Why that is enough. A shape's verdict on one focus node can be found by a walk that begins at the node and asks, again
and again, for the triples with some predicate at a node that it has come to by the answers so far. Let the walk run
over the old graph and over the new one, side by side. While both get the same answers they ask the same questions, and
if all answers are the same, so is the verdict. So where the verdicts differ there is a first question with two
answers: a changed triple stands at the node that was asked about, and the walk came there by triples that both graphs
have. Hence every focus node with another verdict reaches an end of a changed triple by a way of one of the lookups of
that triple's predicate. Repeating paths ask at every node that they pass: ``p*`` is the way to its own steps.

For the solutions of a graph pattern, each way is as good as another, if the edges of both graphs may be walked: a
solution that only one of the two graphs gives maps every triple of the pattern into that graph and one of them to a
changed triple, so the images of all chains from ``$this`` to that one are there too. Lookups hence offer alternatives,
and who walks them backwards must see the removed triples besides those of the new graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from kg.validation.paths import Path
from kg.vocabulary import RDF, RDFS

Ways = tuple[Path, ...]
"""Paths from the focus node that lead to one place; any of them may be taken, and where there is none nobody knows."""

HERE = Path("sequence")
"""The way to the focus node itself: no step."""

ANY = Path("predicate")
"""One step by whatever predicate: one that has no name."""

_REPEATED = ("zeroOrMorePath", "oneOrMorePath")


@dataclass(frozen=True)
class Way:
    """A path from the focus node to one end of a triple."""

    path: Path
    end: Literal["subject", "object"]


@dataclass(frozen=True)
class Lookup:
    """Triples that a shape looks at.

    Parameters
    ----------
    predicate
        Its IRI; None for any.
    ways
        How focus nodes come to such a triple, each of them enough to find those that do; none if that cannot be
        said: then every focus node may.
    subject, object
        IRIs, where only triples with these are looked at.
    under
        A class, where only objects that are now this class or below it are looked at. Who loses or gains the class by
        a change of the hierarchy itself is found by the lookups of rdfs:subClassOf.
    """

    predicate: str | None
    ways: tuple[Way, ...]
    subject: str | None = None
    object: str | None = None
    under: str | None = None


def along(path: Path, start: Ways, end: Ways = ()) -> Iterator[Lookup]:
    """The lookups of a path, one for each predicate in it.

    Parameters
    ----------
    start, end
        How the focus node comes to the beginning and to the end of the path; of the end, often nothing is known.
    """
    if path.operator == "predicate":
        yield Lookup(path.iri or None, (*_ways(start, "subject"), *_ways(end, "object")))
    elif path.operator == "inversePath":
        yield from along(path.parts[0], end, start)
    elif path.operator == "sequence":
        for place, part in enumerate(path.parts):
            rest = inverse(Path("sequence", parts=path.parts[place + 1 :]))
            yield from along(part, _on(start, *path.parts[:place]), _on(end, rest))
    else:
        for part in path.parts:
            again = (repeated(part), repeated(inverse(part))) if path.operator in _REPEATED else (HERE, HERE)
            yield from along(part, _on(start, again[0]), _on(end, again[1]))


def of_class(iri: str, start: Ways) -> Iterator[Lookup]:
    """The lookups that tell whether nodes are instances of a class or of one below it (SHACL, section 1.1)."""
    kind, subclass = Path.predicate(RDF.type), Path.predicate(RDFS.subClassOf)
    yield Lookup(RDF.type, _ways(start, "subject"), under=iri)
    yield from along(subclass, _on(start, kind, repeated(subclass)))


def of_target(kind: str, iri: str) -> Iterator[Lookup]:
    """The lookups that tell whether a node is a target: SHACL's property (``targetClass``, …) and its object."""
    if kind == "targetClass":
        yield from of_class(iri, (HERE,))
    elif kind in ("targetSubjectsOf", "targetObjectsOf"):
        yield Lookup(iri, (Way(HERE, "subject" if kind == "targetSubjectsOf" else "object"),))


def anywhere() -> Iterator[Lookup]:
    """The lookups that tell whether the focus node stands in any triple.

    From one that doesn't, Oxigraph lets a path of no step lead nowhere, not to itself as section 18.4 of SPARQL 1.1
    says; only nodes that a shape names can be such.
    """
    yield Lookup(None, (Way(HERE, "subject"),))
    yield Lookup(None, (Way(HERE, "object"),))


def closed(start: Ways) -> Lookup:
    """The lookup of all triples that a node is the subject of."""
    return Lookup(None, _ways(start, "subject"))


def onward(start: Ways, path: Path | None) -> Ways:
    """The ways on from where others lead; the same without a path."""
    return _on(start, path) if path else start


def joined(*parts: Path) -> Path:
    """One path after the other."""
    steps = [step for part in parts for step in (part.parts if part.operator == "sequence" else (part,))]
    return steps[0] if len(steps) == 1 else Path("sequence", parts=tuple(steps))


def inverse(path: Path) -> Path:
    """The path from its end to its beginning, inverted predicate by predicate."""
    if path.operator == "predicate":
        return Path("inversePath", parts=(path,))
    if path.operator == "inversePath":
        return straight(path.parts[0])
    parts = tuple(map(inverse, path.parts))
    return Path(path.operator, parts=parts[::-1] if path.operator == "sequence" else parts)


def straight(path: Path) -> Path:
    """The same path with no inversion but of single predicates."""
    return path if path.operator == "predicate" else inverse(inverse(path))


def repeated(path: Path) -> Path:
    """The path any number of times, none included."""
    return Path("zeroOrMorePath", parts=(path,))


def _on(ways: Ways, *parts: Path) -> Ways:
    return tuple(joined(way, *map(straight, parts)) for way in ways)


def _ways(paths: Iterable[Path], end: Literal["subject", "object"]) -> tuple[Way, ...]:
    return tuple(Way(path, end) for path in paths)
