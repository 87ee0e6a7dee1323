"""A report for people: rules in words, nodes by their labels, of each rule the first results and how many there are.

In comes a report, and what knows more than it: the shapes graph, which says what a rule means, and the store, which
says what things are called. Out go values; `kg.cli` and `kg.serve` print them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib.namespace import RDFS, SH

from kg.store.base import Store, Term, text_of
from kg.validation.messages import PLACEHOLDER, preferred
from kg.validation.report import Report
from kg.validation.results import Result
from kg.validation.terms import from_rdflib, readable
from kg.vocabulary import DCTERMS, PREFIXES, SKOS, shortened

Names = Callable[[Collection[NamedNode]], Mapping[str, str]]
"""Labels by IRI of some things."""

_LABELS = (
    str(RDFS.label),
    SKOS.prefLabel,
    DCTERMS.title,
    f"{PREFIXES['schema']}name",
    f"{PREFIXES['foaf']}name",
)
_WORDS = (SH.message, SH.description, SH.name, RDFS.comment, RDFS.label)
_ABSENT = {f"{SH}{name}ConstraintComponent" for name in ("MinCount", "HasValue", "QualifiedMinCount")}
_BATCH = 500


@dataclass(frozen=True)
class Rule:
    """What was broken, by the IRI of the shape or constraint and in words, how often, and the first results.

    ``title`` is the IRI shortened; of a nameless shape the named one that it is part of, and where it looks.
    """

    severity: str
    name: str
    title: str
    words: str
    count: int
    results: tuple[Result, ...]

    @property
    def more(self) -> int:
        """How many results there are besides."""
        return self.count - len(self.results)

    def detail(self, result: Result) -> str:
        """What the message of a result says beyond the rule and the value."""
        value = "" if result.value is None else f"Found: {readable(result.value)}."
        said = result.message.removesuffix(value).strip().removeprefix(self.words).strip()
        return "missing" if not (said or value) and result.component in _ABSENT else said


@dataclass(frozen=True)
class ReadableReport:
    """A report whose rules and nodes have names.

    ``targeted`` is false if no node of the data was a target of any shape: the data conforms, and nothing was checked.
    ``notes`` tell what else was not checked: properties of shapes that SHACL does not know.
    """

    report: Report
    rules: tuple[Rule, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    targeted: bool = True
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, report: Report, shapes: rdflib.Graph, names: Names = lambda _: {}, *, first: int | None = None
    ) -> ReadableReport:
        """A report, with the first results of each rule (all when None)."""
        told = cls(report, tuple(_rules(report, shapes, first)))
        return told.labelled(names(told.nodes))

    @property
    def nodes(self) -> set[NamedNode]:
        """What labels are wanted of."""
        terms = {term for rule in self.rules for result in rule.results for term in (result.focus, result.value)}
        return {term for term in terms if isinstance(term, NamedNode)}

    def labelled(self, labels: Mapping[str, str]) -> ReadableReport:
        """The report with labels of nodes, by IRI."""
        return replace(self, labels=labels)

    def located(self, places: Mapping[str, str]) -> ReadableReport:
        """The report with the places, by IRI, that the focus nodes or values of the results shown were made from."""
        rules = (replace(rule, results=tuple(one.located(places) for one in rule.results)) for rule in self.rules)
        return replace(self, rules=tuple(rules))

    @property
    def listed(self) -> Report:
        """The report of the results that are shown."""
        return Report.of(result for rule in self.rules for result in rule.results)

    @property
    def verdict(self) -> str:
        """Whether the data conforms, with the counts, in words."""
        if not self.targeted:
            return "no node of the data is a target of any shape: nothing was checked"
        return f"{self.report.counted()}: the data {'conforms' if self.report.conforms else 'does not conform'}"

    def called(self, term: Term | None) -> str:
        """What a term is called, with its shortened IRI; a literal by its text, nothing for None."""
        if term is None:
            return ""
        label = self.labels.get(text_of(term)) if isinstance(term, NamedNode) else None
        return f"{label} ({readable(term)})" if label else readable(term)

    def cells(self, rule: Rule) -> tuple[list[str], list[list[str]]]:
        """The results shown of a rule as a table: its columns but those that are empty, and the rows."""
        rows = [
            {
                "node": self.called(result.focus),
                "property": str(result.path or ""),
                "value": self.called(result.value),
                "says": rule.detail(result),
                "source": result.source or "",
            }
            for result in rule.results
        ]
        used = [name for name in rows[0] if any(row[name] for row in rows)]
        return used, [[row[name] for name in used] for row in rows]

    def to_json(self) -> str:
        """The report as JSON: of all results the counts, by rule too; those that are shown one by one with labels."""
        rules = [
            {"severity": rule.severity, "rule": rule.name, "words": rule.words, "count": rule.count}
            for rule in self.rules
        ]
        document = {
            "conforms": self.report.conforms,
            "targeted": self.targeted,
            "counts": self.report.counts(),
            "notes": self.notes,
            "rules": rules,
            "results": [self._as_json(result) for result in self.listed.results],
        }
        return json.dumps(document, ensure_ascii=False, indent=2)

    def _as_json(self, result: Result) -> dict[str, Any]:
        labels = {"label": self._label(result.focus), "valueLabel": self._label(result.value)}
        return {**result.to_json(), **labels}

    def _label(self, term: Term | None) -> str | None:
        return self.labels.get(term.value) if isinstance(term, NamedNode) else None


def labels(store: Store, things: Collection[NamedNode], *, graphs: Sequence[str] | None = None) -> dict[str, str]:
    """What a store calls some things: in English, else without a language, else in any."""
    found: dict[str, tuple[tuple[object, ...], str]] = {}
    for some in _batches(things):
        for row in store.select(_labels_query(some), graphs=graphs):
            thing, label = row["thing"], row["label"]
            if isinstance(thing, NamedNode) and isinstance(label, Literal):
                candidate = ((*_rank(label), int(text_of(row["rank"])), label.value), label.value)
                found[thing.value] = min(found.get(thing.value, candidate), candidate)
    return {iri: label for iri, (_, label) in found.items()}


def _labels_query(things: Iterable[NamedNode]) -> str:
    properties = " ".join(f"(<{iri}> {rank})" for rank, iri in enumerate(_LABELS))
    return f"""SELECT ?thing ?label ?rank WHERE {{
  VALUES ?thing {{ {" ".join(map(str, things))} }} VALUES (?property ?rank) {{ {properties} }}
  ?thing ?property ?label }}"""


def _batches(things: Iterable[NamedNode]) -> Iterator[list[NamedNode]]:
    ordered = sorted(things, key=str)
    return (ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH))


def _rank(label: Literal) -> tuple[bool, bool]:
    english = (label.language or "").lower().partition("-")[0] == "en"
    return (not english, bool(label.language))


def _rules(report: Report, shapes: rdflib.Graph, first: int | None) -> Iterator[Rule]:
    for group in report.groups():
        one = group[0]
        words = _words(shapes, one) or one.message.partition(" Found: ")[0]
        severity = shortened(one.own_severity) if one.own_severity else one.severity.label
        yield Rule(severity, one.rule, _title(shapes, one), words, len(group), group[:first])


def _words(shapes: rdflib.Graph, result: Result) -> str:
    """What the constraint, component or shape says of itself; names in place of what differs between results."""
    said = [(_node(result.constraint), _WORDS), *((node, (SH.message,)) for node in _validators(shapes, result))]
    said += [(_node(result.shape), _WORDS), (_node(result.component), (SH.labelTemplate,))]
    for node, predicates in said:
        for predicate in predicates if node else ():
            texts = [from_rdflib(text) for text in sorted(shapes.objects(node, predicate), key=str)]
            if words := preferred([text for text in texts if isinstance(text, Literal)]):
                return PLACEHOLDER.sub(lambda name: f"‹{name[1]}›", words.value)
    return ""


def _validators(shapes: rdflib.Graph, result: Result) -> Iterator[rdflib.term.Node]:
    """The validators of a custom component, that for the kind of shape first."""
    for predicate in (SH.propertyValidator if result.path else SH.nodeValidator, SH.validator):
        yield from sorted(shapes.objects(_node(result.component), predicate), key=str)


def _title(shapes: rdflib.Graph, result: Result) -> str:
    node, seen = _node(result.rule), set[rdflib.term.Node | None]()
    while isinstance(node, rdflib.BNode) and node not in seen:
        seen.add(node)
        node = next(iter(sorted(shapes.subjects(None, node), key=str)), None)
    if not isinstance(node, rdflib.URIRef):
        return result.rule
    return shortened(str(node)) + (f", at {result.path}" if seen and result.path else "")


def _node(name: str | None) -> rdflib.term.Node | None:
    if name is None:
        return None
    return rdflib.BNode(name[2:]) if name.startswith("_:") else rdflib.URIRef(name)
