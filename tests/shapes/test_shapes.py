"""Every rule of the shapes, on data that satisfies it and on data that breaks it by one triple.

A folder is named after a shapes file and holds ``valid.ttl`` and, for each way of breaking a rule, a SPARQL update of
it; the header of the update (lines ``#+``, YAML) says what must be found. The gate's way of checking (core shapes in
pySHACL, SPARQL constraints set-based) is held equal to pySHACL alone.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
import yaml
from rdflib import DCTERMS, QB, RDF, RDFS, SH, Graph

from kg import assets, iris
from kg.store.embedded import EmbeddedStore
from kg.validation import gate, reference
from kg.validation.report import Report, Result
from kg.validation.shapes import Shapes
from kg.validation.terms import readable
from kg.vocabulary import PREFIXES, shortened

HERE = Path(__file__).parent
FILES = {file.stem: file for file in assets.turtle_files("shapes")}
PREFIX_FILE = FILES.pop("prefixes")
CHANGES = sorted(HERE.glob("*/invalid-*.ru"))

GRAPH = ox.NamedNode(iris.graph("source/fixture"))
SCHEMA_PREDICATES = {str(RDFS.subClassOf), str(RDFS.seeAlso), str(QB.codeList)}
CORE_PARAMETERS = {
    SH["class"]: SH.ClassConstraintComponent,
    SH.datatype: SH.DatatypeConstraintComponent,
    SH.disjoint: SH.DisjointConstraintComponent,
    SH.lessThan: SH.LessThanConstraintComponent,
    SH.lessThanOrEquals: SH.LessThanOrEqualsConstraintComponent,
    SH.maxCount: SH.MaxCountConstraintComponent,
    SH.maxInclusive: SH.MaxInclusiveConstraintComponent,
    SH.minCount: SH.MinCountConstraintComponent,
    SH.minInclusive: SH.MinInclusiveConstraintComponent,
    SH.nodeKind: SH.NodeKindConstraintComponent,
    SH.pattern: SH.PatternConstraintComponent,
    SH.uniqueLang: SH.UniqueLangConstraintComponent,
}
DESCRIPTION = {SH.path, SH.severity, SH.message, DCTERMS.source, RDF.type}


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@cache
def shapes_of(name: str) -> Shapes:
    return Shapes.load([PREFIX_FILE, FILES[name]])


@cache
def schema() -> tuple[ox.Quad, ...]:
    """What the ontology says of classes and code lists, and no more: the fixtures bring the rest."""
    (file,) = (file for file in assets.turtle_files("ontology") if file.stem == "techtransfer")
    triples = ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)
    return tuple(
        ox.Quad(triple.subject, triple.predicate, triple.object, GRAPH)
        for triple in triples
        if triple.predicate.value in SCHEMA_PREDICATES and isinstance(triple.object, ox.NamedNode)
    )


def valid(name: str) -> ox.Store:
    """The valid data of a folder, in the default graph."""
    store = ox.Store()
    store.load(path=str(HERE / name / "valid.ttl"), format=ox.RdfFormat.TURTLE)
    return store


def staged(data: ox.Store) -> EmbeddedStore:
    """The data in a named graph, with what the ontology says."""
    store = ox.Store()
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object, GRAPH) for quad in data)
    store.extend(schema())
    return EmbeddedStore(store)


def both_ways(data: ox.Store, shapes: Shapes) -> Report:
    """The gate's report, found equal to that of pySHACL over all of the data."""
    store = staged(data)
    report = gate.check(store, shapes)
    oracle = reference.everything(whole(store), shapes)
    assert [result.key for result in report.results] == [result.key for result in oracle.results]
    return report


def whole(store: EmbeddedStore) -> Graph:
    predicates = {quad.predicate.value for quad in store.quads()}
    return reference.merged(store, predicates)


def header(file: Path) -> dict[str, Any]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return yaml.safe_load("\n".join(line[3:] for line in lines if line.startswith("#+ ")))


def described(result: Result) -> dict[str, str]:
    """A result in the words of a header."""
    parts = {
        "severity": result.severity.label,
        "rule": shortened(result.rule),
        "component": shortened(result.component),
        "focus": readable(result.focus),
        "path": str(result.path) if result.path else None,
        "value": None if result.value is None else readable(result.value),
    }
    return {name: text for name, text in parts.items() if text is not None}


@pytest.mark.parametrize("name", FILES)
def test_valid_data_gives_no_result(name: str) -> None:
    report = both_ways(valid(name), shapes_of(name))
    assert report.results == (), report.summary()


@pytest.mark.parametrize("file", CHANGES, ids=named)
def test_one_change_gives_the_expected_results(file: Path) -> None:
    data = valid(file.parent.name)
    before = set(data)
    data.update(file.read_text(encoding="utf-8"))
    removed, added = before - set(data), set(data) - before
    assert len(removed) <= 1 and len(added) <= 1, "a change replaces, removes or adds one triple"
    assert len({(quad.subject, quad.predicate) for quad in removed | added}) == 1
    report = both_ways(data, shapes_of(file.parent.name))
    assert [described(result) for result in report.results] == header(file)["results"]
    assert not [result.message for result in report.results if "{?" in result.message], "a placeholder without value"


def test_each_rule_is_broken_by_a_fixture() -> None:
    found = {(result["rule"], result["component"]) for file in CHANGES for result in header(file)["results"]}
    graph = Shapes.load([PREFIX_FILE, *FILES.values()]).graph
    rules = {(str(node), str(SH.SPARQLConstraintComponent)) for node in graph.objects(None, SH.sparql)}
    for node in graph.objects(None, SH.property):
        for parameter in set(graph.predicates(node)) - DESCRIPTION:
            rules.add((str(node), str(CORE_PARAMETERS[parameter])))
    assert {(shortened(rule), shortened(component)) for rule, component in rules} == found


@pytest.mark.parametrize("name", FILES)
def test_each_rule_is_named_and_says_what_to_do(name: str) -> None:
    graph = Graph().parse(FILES[name])
    shapes = set(graph.subjects(RDF.type, SH.NodeShape))
    assert shapes
    for shape in shapes:
        assert (shape, SH.severity, severity(shape)) in graph, shape
        rules = [*graph.objects(shape, SH.property), *graph.objects(shape, SH.sparql)]
        assert rules, shape
        for rule in rules:
            assert str(rule).startswith(f"{shape}-"), rule
            assert len(list(graph.objects(rule, SH.message))) == 1, rule
            assert len(list(graph.objects(rule, DCTERMS.source))) == 1, rule
        for rule in graph.objects(shape, SH.property):
            assert (rule, SH.severity, severity(shape)) in graph, rule


def severity(shape: rdflib.term.Node) -> rdflib.URIRef:
    """The severity that the ending of a shape's name promises."""
    endings = {"Shape": SH.Violation, "Advice": SH.Warning, "Note": SH.Info}
    return next(level for ending, level in endings.items() if str(shape).endswith(ending))


def test_rules_have_names_of_their_own() -> None:
    names = Counter(
        subject
        for file in FILES.values()
        for subject in set(Graph().parse(file).subjects())
        if isinstance(subject, rdflib.URIRef)
    )
    assert not [name for name, count in names.items() if count > 1]
    assert not [name for name in names if not name.startswith(PREFIXES["tts"])]


@pytest.mark.parametrize("name", FILES)
def test_shapes_and_fixtures_use_known_terms_only(name: str) -> None:
    """A misspelt term in a query matches nothing and would never be missed."""
    files = [FILES[name], *(HERE / name).iterdir()]
    used = set(re.findall(r"\b(tt|code):([\w-]+)", "\n".join(file.read_text(encoding="utf-8") for file in files)))
    assert not used - known_terms()


@cache
def known_terms() -> frozenset[tuple[str, str]]:
    files = [(file, iris.GRAPH_ONTOLOGY) for file in assets.turtle_files("ontology")]
    subjects = {shortened(quad.subject.value) for quad in EmbeddedStore.of_files(files).quads()}
    return frozenset((prefix, name) for prefix, _, name in (subject.partition(":") for subject in subjects))
