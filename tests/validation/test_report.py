"""Reports as values: order, counts, text, and the way to RDF and back."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode
from rdflib import SH, Graph, URIRef

from kg.errors import ValidationFailedError
from kg.validation.paths import Path
from kg.validation.report import Report, Result, Severity
from kg.vocabulary import PREFIXES, RDFS, TT

DOCUMENT = NamedNode(f"{PREFIXES['id']}doc/report")


def result(severity: Severity = Severity.WARNING, **parts: object) -> Result:
    known: dict[str, object] = {
        "focus": DOCUMENT,
        "path": Path.predicate(TT.contentDigest),
        "value": Literal("2D71"),
        "shape": f"{PREFIXES['tts']}DocumentShape-contentDigest",
        "component": str(SH.PatternConstraintComponent),
        "severity": severity,
        "message": "Compute the digest again.",
    }
    return Result(**(known | parts))  # type: ignore[arg-type]


VIOLATION, WARNING, INFO = (result(severity) for severity in sorted(Severity, reverse=True))

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
results = st.builds(
    result,
    st.sampled_from(Severity),
    value=st.none() | st.builds(Literal, texts) | st.just(DOCUMENT) | st.builds(Literal, st.integers()),
    path=st.sampled_from([None, Path.predicate(RDFS.label), Path("inversePath", parts=(Path.predicate(TT.cell),))]),
    message=texts,
    source=st.none() | texts,
    constraint=st.none() | st.just(f"{PREFIXES['tts']}DocumentShape-mirrorAddress"),
)


def test_severities_are_ordered_by_weight() -> None:
    assert Severity.INFO < Severity.WARNING < Severity.VIOLATION
    assert Severity.of(str(SH.Warning)) is Severity.WARNING
    with pytest.raises(ValueError, match="urn:fatal is not"):
        Severity.of("urn:fatal")


def test_results_stand_in_one_order_and_once() -> None:
    reports = {Report.of(order) for order in permutations([WARNING, VIOLATION, INFO, WARNING])}
    assert reports == {Report((VIOLATION, WARNING, INFO))}


def test_only_violations_count_against_conformance() -> None:
    assert Report().conforms
    assert Report.of([WARNING, INFO]).conforms
    assert not Report.of([VIOLATION]).conforms


def test_results_are_told_apart_by_severity() -> None:
    report = Report.of([VIOLATION, WARNING]) + Report.of([WARNING, INFO])
    assert (report.violations, report.warnings, report.infos) == ((VIOLATION,), (WARNING,), (INFO,))
    assert report.counts() == {"Violation": 1, "Warning": 1, "Info": 1}


def test_violations_raise_with_the_report() -> None:
    Report.of([WARNING]).raise_for_violations()
    report = Report.of([VIOLATION, WARNING])
    with pytest.raises(ValidationFailedError, match=r"1 violation\n.*DocumentShape-contentDigest") as caught:
        report.raise_for_violations()
    assert caught.value.report is report


def test_summary_lists_the_first_of_each_rule_and_counts_the_rest() -> None:
    many = [result(focus=NamedNode(f"{PREFIXES['id']}doc/{number}")) for number in range(5)]
    located = Report.of([*many, VIOLATION]).located({DOCUMENT.value: "documents.csv, row 3"})
    assert located.summary(first=2).splitlines() == [
        "1 violation, 5 warnings",
        "Violation tts:DocumentShape-contentDigest (1)",
        "  id:doc/report: Compute the digest again. [documents.csv, row 3]",
        "Warning tts:DocumentShape-contentDigest (5)",
        "  id:doc/0: Compute the digest again.",
        "  id:doc/1: Compute the digest again.",
        "  and 3 more",
    ]
    assert Report().summary() == "no complaints"


def test_json_has_every_part_of_a_result() -> None:
    document = json.loads(Report.of([VIOLATION]).to_json())
    assert not document["conforms"]
    (found,) = document["results"]
    assert found["focus"] == DOCUMENT.value
    assert (found["path"], found["value"], found["source"]) == ("tt:contentDigest", "2D71", None)


@given(st.lists(results, max_size=4))
def test_turtle_and_back_gives_the_same_report(found: list[Result]) -> None:
    report = Report.of(found)
    assert Report.from_graph(report.to_graph()) == report
    assert Report.of(reversed(found)).to_turtle() == report.to_turtle()


def test_turtle_is_a_standard_report() -> None:
    graph = Graph().parse(data=Report.of([WARNING]).to_turtle(), format="turtle")
    (report,) = graph.subjects(None, SH.ValidationReport)
    assert graph.value(report, SH.conforms).toPython() is True
    assert graph.value(report, URIRef(f"{SH}conformanceDisallows")) == SH.Violation
    (found,) = graph.objects(report, SH.result)
    assert graph.value(found, SH.resultSeverity) == SH.Warning
