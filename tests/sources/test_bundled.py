"""The sources that come with the project: they map, nothing dangles, and every figure of the gold files is there."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg import csvw, evidence, iris
from kg.evidence import Result
from kg.pipeline.tidy import in_order
from kg.sources import register
from kg.store.embedded import EmbeddedStore
from kg.vocabulary import TT

PREFIXES = f"""
PREFIX tt: <{iris.ONTOLOGY}>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
SEEDS = [iris.source_graph("seed-articles")]
DOCUMENTS = {"000_9c35a13cd8c6cc9f": "gt25", "001_25c4aa9ae2ef2742": "cd22r"}


def test_no_source_loses_rows(mapped: dict[str, csvw.Mapped]) -> None:
    for source in filter(lambda source: source.ready, register.discover()):
        assert {name: mapped[source.name].rows[name] for name, _ in source.expected} == dict(source.expected)


def test_lines_are_in_the_form_of_the_store(mapped: dict[str, csvw.Mapped]) -> None:
    for source in mapped.values():
        lines = list(source.lines())
        store = ox.Store()
        store.load("\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS)
        assert set(store.dump(format=ox.RdfFormat.N_QUADS).decode().splitlines()) == set(lines)


def test_the_seeds_by_class(graph: EmbeddedStore) -> None:
    classes = Counter(iris.local(row["c"].value) for row in graph.select("SELECT ?c { ?s a ?c }", graphs=SEEDS))
    wanted = {"Observation": 11, "Shortfall": 4, "Progress": 15, "Outlook": 8, "Finding": 4}
    wanted |= {"PolicyRecommendation": 4, "EditionStatement": 2, "Mention": 3, "Document": 4, "DataSet": 4}
    wanted |= {"EvidenceSpan": 56}
    assert classes == wanted


def test_no_triple_stands_in_two_graphs(graph: EmbeddedStore) -> None:
    assert not graph.ask("ASK { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o } FILTER(?g != ?h) }")


def test_every_thing_that_is_named_is_described(graph: EmbeddedStore) -> None:
    """Periods and derived observations are described by the derivation step, concepts by the schemes."""
    named = {quad.object.value for quad in graph.quads() if isinstance(quad.object, ox.NamedNode)}
    described = {quad.subject.value for quad in graph.quads()}
    missing = {iri for iri in named - described if iri.startswith(iris.ID)}
    missing = {iri for iri in missing if not iri.startswith(iris.identifier("obs/derived/"))}
    assert {iri for iri in missing if not iri.startswith(iris.identifier("period/"))} == set()
    for iri in missing:
        iris.period_days(iri)


def test_only_terms_of_the_ontology_are_used(graph: EmbeddedStore) -> None:
    used = {quad.predicate.value for quad in graph.quads()}
    used |= {row["c"].value for row in graph.select("SELECT ?c { ?s a ?c }")}
    ours = {iri.removeprefix(iris.ONTOLOGY) for iri in used if iri.startswith(iris.ONTOLOGY)}
    assert ours <= TT.terms


def test_only_concepts_of_the_schemes_are_used(graph: EmbeddedStore) -> None:
    files = (Path(__file__).parents[2] / "ontology" / "schemes").glob("*.ttl")
    known = {quad.subject.value for file in files for quad in ox.parse(path=str(file), base_iri=iris.BASE)}
    named = {quad.object.value for quad in graph.quads() if isinstance(quad.object, ox.NamedNode)}
    assert {iri for iri in named if iri.startswith(iris.CONCEPT)} <= known


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_gold_figure_is_there(graph: EmbeddedStore, shared: Path, name: str) -> None:
    gold = (shared / "extraction" / "gold" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    found = observations(graph, DOCUMENTS[name])
    for row in map(json.loads, gold):
        observation = found.pop((row["start"], row["end"]))
        assert {key: observation.get(key) for key in wanted(row)} == wanted(row)
        assert iris.local(observation["channel"]) in [row["channel"], *row.get("accept", {}).get("channel", [])]
    assert not found


def observations(graph: EmbeddedStore, document: str) -> dict[tuple[int, int], dict[str, Any]]:
    """The observations of a document by their span, each with the last part of what its properties lead to."""
    query = f"""{PREFIXES} SELECT ?o ?p ?v ?start ?end {{
      ?o a tt:Observation ; tt:statedIn <{iris.identifier(f"doc/{document}")}> ; ?p ?v ;
        tt:evidence [ tt:startOffset ?start ; tt:endOffset ?end ] }}"""
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for row in graph.select(query):
        span = (int(row["start"].value), int(row["end"].value))
        found.setdefault(span, {})[iris.local(row["p"].value)] = row["v"].value
    return found


def wanted(row: dict[str, Any]) -> dict[str, str]:
    """What a gold row asks of an observation: percentages as ratios, days as the names of periods."""
    ratio = row["unit"] == "percent"
    value = Decimal(str(row["value"])) / (100 if ratio else 1)
    expected = {
        "indicator": iris.identifier(f"indicator/{row['indicator']}"),
        "value": f"{value:f}",
        "unit": iris.concept(f"unit/{'ratio' if ratio else row['unit']}"),
        "transformation": iris.concept(f"code/{row['transformation']}"),
        "refPeriod": period(row["period"]),
        "refArea": iris.identifier(f"area/{row['area']}"),
    }
    if row["qualifier"] != "exact":
        expected["qualifier"] = iris.concept(f"code/{row['qualifier']}")
    if row["comparison_period"]:
        expected["comparisonPeriod"] = period(row["comparison_period"])
    if row["threshold"]:
        expected["thresholdComparator"] = iris.concept(f"code/{row['threshold']['comparator']}")
        expected["thresholdValue"] = str(row["threshold"]["value"])
        expected["thresholdUnit"] = iris.concept(f"unit/{row['threshold']['unit']}")
    return expected


def period(days: dict[str, str]) -> str:
    one_day = days["start"] == days["end"]
    return iris.identifier(f"period/{days['end'] if one_day else 'CY' + days['start'][:4]}")


def test_stated_values_agree_with_values(graph: EmbeddedStore) -> None:
    query = f"""{PREFIXES} SELECT ?value ?stated ?m ?precision {{
      ?o tt:value ?value ; tt:statedValue ?stated ; tt:unitMultiplier ?m ; tt:statedPrecision ?precision }}"""
    rows = [{name: Decimal(term.value) for name, term in row.items()} for row in graph.select(query)]
    assert rows
    for row in rows:
        assert row["value"] == row["stated"].scaleb(int(row["m"]))
        assert row["value"] % row["precision"] == 0


def test_the_seeds_as_they_were_read(graph: EmbeddedStore) -> None:
    """Precision is the last digit written; only one figure is called a record; the seeds are hedged twice."""
    assert properties(graph, "contract-value-2020") >= {("statedPrecision", "100000000"), ("isSuperlative", "true")}
    assert ("statedPrecision", "1000000000") in properties(graph, "contract-value-increase-2020")
    growth = properties(graph, "contract-value-growth-2024")
    assert growth >= {("statedValue", "10"), ("unitMultiplier", "-2"), ("statedPrecision", "0.01")}
    hedged = graph.select(f"{PREFIXES} SELECT ?o {{ ?o tt:qualifier ?q }} ORDER BY ?o", graphs=SEEDS)
    assert [iris.local(row["o"].value) for row in hedged] == [
        "contract-value-growth-2024",
        "contracts-above-100-million-2020",
    ]


def properties(graph: EmbeddedStore, key: str) -> set[tuple[str, str]]:
    rows = graph.select(f"SELECT ?p ?v {{ <{iris.identifier(f'obs/seed-articles/{key}')}> ?p ?v }}")
    return {(iris.local(row["p"].value), row["v"].value) for row in rows}


def test_recommendations_and_what_they_answer(graph: EmbeddedStore) -> None:
    query = f"{PREFIXES} SELECT ?r ?p ?s {{ ?r ?p ?s VALUES ?p {{ tt:addresses tt:mayAddress }} }}"
    rows = graph.select(query, graphs=[*SEEDS, iris.GRAPH_JUDGEMENTS])
    links = {tuple(iris.local(row[name].value) for name in ("r", "p", "s")) for row in rows}
    assert links >= {
        ("communication-mechanisms", "addresses", "coordination-policies"),
        ("professional-training", "addresses", "dedicated-professionals"),
        ("financial-support", "mayAddress", "risk-management"),
        ("policies-and-mechanisms", "mayAddress", "coordination-policies"),
    }


def test_spans_are_those_of_the_articles(graph: EmbeddedStore, shared: Path) -> None:
    outcomes = evidence.verify(evidence.recorded(graph), shared / "extraction" / "articles")
    found = {iris.local(item.document): (item.result, item.spans) for item in outcomes}
    assert (found["cd22r"], found["gt25"]) == ((Result.VERIFIED, 27), (Result.VERIFIED, 29))


def test_no_sentence_of_the_articles_is_copied(shared: Path) -> None:
    """Neither a whole sentence of more than six words nor any run of more than ten words of one."""
    runs = set()
    for article in (shared / "extraction" / "articles").glob("*.txt"):
        for sentence in re.split(r"[.!?]\s|\n", article.read_text(encoding="utf-8")):
            words = re.findall(r"\w+", sentence.lower())
            runs |= {tuple(words)} if len(words) > 6 else set()
            runs |= {tuple(words[at : at + 11]) for at in range(len(words) - 10)}
    for source in register.discover():
        for file in source.folder.glob("tables/*.csv"):
            for row in csv.reader(file.read_text(encoding="utf-8").splitlines()):
                for cell in row:
                    words = re.findall(r"\w+", cell.lower())
                    spans = {tuple(words)} | {tuple(words[at : at + 11]) for at in range(len(words) - 10)}
                    assert not spans & runs, (file.name, cell)


def test_curated_tables_are_sorted() -> None:
    """By their key, so that a change is a line in one place; spans and links by all that they consist of."""
    tables = [table for source in register.discover() for table in csvw.read(source.metadata).tables]
    shipped = [table for table in tables if table.path.is_file()]
    assert [table.file for table in shipped if not in_order(table)] == [], "run kg tidy"
