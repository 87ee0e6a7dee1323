"""Triple patterns that lead from a node to its values by names alone, and can be read from end to end.

Written as a sub-select, such a pattern is evaluated by itself (SPARQL 1.1, section 18.2.4.4), so that an engine joins
its solutions in one go, where it would look up the values of one node after the other. Solutions stay the same:

- A basic graph pattern without blank nodes has the solutions of the join of its triples, each once (section 18.3.1).
- A path of names one after the other is such a join, without the nodes between (section 18.4).
- A sub-select that projects all its variables changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice, pairwise

from kg.sparql.groups import Element, Word, words
from kg.vocabulary import RDF

_IRI = re.compile(r"<[^<>]*>")
_TERM = re.compile(r"""\?\w+|<[^<>]*>|"(?!"").*"|'(?!'').*'|\w+""")
_TYPE = f"<{RDF.type}>"


@dataclass(frozen=True)
class Step:
    """A pattern of a variable, predicates one after the other (or one choice of several), and a variable or term."""

    subject: str
    predicates: tuple[str, ...]
    object: str

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of its variables."""
        return tuple(dict.fromkeys(term[1:] for term in (self.subject, self.object) if term[0] == "?"))

    @property
    def pattern(self) -> str:
        """It as it stands in a group."""
        return f"{self.subject} {'/'.join(self.predicates)} {self.object}"

    @property
    def scan(self) -> str:
        """A sub-select of it, in which each predicate is read by itself; it may stand next to any pattern."""
        between = (f"?step{n}" for n in count() if f"step{n}" not in self.variables)
        nodes = [self.subject, *islice(between, len(self.predicates) - 1), self.object]
        parts = [
            Step(start, (predicate,), end)
            for (start, end), predicate in zip(pairwise(nodes), self.predicates, strict=True)
        ]
        inner = self.pattern if len(parts) == 1 else " ".join(part.scan for part in parts)
        return f"{{ SELECT {' '.join(f'?{name}' for name in self.variables)} {{ {inner} }} }}"


def steps_of(element: Element, constants: Mapping[str, str]) -> tuple[Step, ...]:
    """The steps that triples consist of, with variables of one value written in; none if they are anything else."""
    if element.kind != "triples":
        return ()
    texts = [
        constants.get(word.variable) or word.text.replace("$", "?", bool(word.variable))
        for word in words(*element.pieces)
    ]
    try:
        return tuple(_read(texts))
    except ValueError:
        return ()


def _written(word: Word, constants: Mapping[str, str]) -> str:
    return constants.get(word.variable, f"?{word.variable}") if word.variable else word.text


def _read(texts: Sequence[str]) -> Iterator[Step]:
    """Section 4.2: sentences, and in them what is said with the same subject, and with the same predicate."""
    for sentence in filter(None, _parts(texts, ".")):
        for said in filter(None, _parts(sentence[1:], ";")):
            (*verb, first), *others = _parts(said, ",")
            for (value,) in ([first], *others):
                yield _step(sentence[0], verb, value)


def _step(subject: str, verb: Sequence[str], value: str) -> Step:
    names = [_TYPE if name == "a" else name for name in verb[::2]]
    signs = set(verb[1::2])
    if subject[0] != "?" or not _TERM.fullmatch(value) or not all(map(_IRI.fullmatch, names)):
        raise ValueError(subject, verb, value)
    if len(verb) % 2 == 0 or not (signs <= {"/"} or signs <= {"|"}):
        raise ValueError(verb)
    return Step(subject, (f"({'|'.join(names)})",) if "|" in signs else tuple(names), value)


def _parts(texts: Sequence[str], sign: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for text in texts:
        if text == sign:
            parts.append([])
        else:
            parts[-1].append(text)
    return parts
