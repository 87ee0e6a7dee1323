"""Framed JSON-LD is the triples on the things of a class, and the labels of what they refer to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from pyld import jsonld

from kg.export.frames import frame_of
from kg.export.offers import Offers
from kg.store.release import Release
from kg.store.releases import DataFolder
from kg.vocabulary import RDF, RDFS, SKOS, XSD

from . import releases

AWKWARD = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:a a e:Thing ; rdfs:label "A"@en , "甲"@zh ; e:part e:b , e:nameless ; e:mixed e:b , 1 , "x"@en ; e:count 12 , 7 ;
    e:big 123456789012345678901234567890 ; e:size 1.50 ; e:true true ; e:id "no keyword" ; e:type "nor this" .
e:b a e:Thing , e:Other ; rdfs:label "B"@en , "Be"@en ; e:part e:a , e:c ; e:size "1.5e3"^^xsd:double .
e:wrong a e:Wrong ; e:count "abc"^^xsd:integer , "1_000"^^xsd:integer , -1 ;
    e:true "1"^^xsd:boolean ; e:day "2020-02-31"^^xsd:date ; e:double "x"^^xsd:double .
e:c a e:Third ; skos:prefLabel "C"@en ; e:secret "not told of who refers to it" .
"""


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = releases.folder(tmp_path_factory.mktemp("frames"))
    return releases.published(folder, {"one": releases.quads("one", AWKWARD)})


@pytest.fixture(scope="module", params=["awkward", "bundle"])
def release(request: pytest.FixtureRequest, awkward: Release, data_folder: DataFolder) -> Release:
    found = data_folder.current() if request.param == "bundle" else awkward
    assert found
    return found


def made(release: Release) -> dict[str, tuple[str, Path]]:
    """The class and the path of each framed document, by its name."""
    offers = Offers(release)
    offers.shelf.get(offers.counting)
    offers = Offers(release)
    files = offers.shelf.get(offers.batch("jsonld"))
    return {name: (offers.all[name].about, file.path) for name, file in files.items()}


def document(release: Release, name: str) -> Any:
    return json.loads(made(release)[f"jsonld/{name}.jsonld"][1].read_text("utf-8"))


def triples(path: Path) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.JSON_LD)}


def test_a_document_holds_its_things_and_labels_of_others(release: Release) -> None:
    lines = b"".join(release.merged())
    stated = {quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_QUADS)}
    for of, path in made(release).values():
        things = {t.subject for t in stated if t.predicate.value == RDF.type and str(t.object) == f"<{of}>"}
        found = triples(path)
        assert {t for t in stated if t.subject in things} - found == set()
        others = {t for t in found if t.subject not in things}
        assert {t.predicate.value for t in others} <= {RDFS.label, SKOS.prefLabel}
        assert found <= stated


def unordered(value: Any) -> Any:
    """A JSON value whose lists are compared as sets, as those of an unordered property."""
    if isinstance(value, dict):
        return {key: unordered(each) for key, each in value.items()}
    return sorted(map(unordered, value), key=str) if isinstance(value, list) else value


def natively(node: dict[str, Any]) -> dict[str, Any]:
    """A node in expanded form with numbers and booleans of JSON, as long as these are read as they were written."""

    def native(value: Any) -> Any:
        kind, text = (value.get("@type"), value["@value"]) if "@value" in value else (None, "")
        if kind == XSD.boolean:
            return {"@value": text == "true"}
        return {"@value": int(text)} if kind == XSD.integer and abs(int(text)) < 2**53 else value

    return {key: [*map(native, each)] if key[0] != "@" else each for key, each in node.items()}


def without_types(thing: dict[str, Any]) -> dict[str, Any]:
    """A thing without the types of what it refers to, which PyLD tells against ``@explicit``."""

    def plain(value: Any) -> Any:
        if isinstance(value, list):
            return [plain(each) for each in value]
        if not isinstance(value, dict) or "@value" in value:
            return value
        kept = {key: each for key, each in value.items() if key != "type"}
        return kept["id"] if kept.keys() == {"id"} else kept

    return {key: value if key == "type" else plain(value) for key, value in thing.items()}


@pytest.mark.parametrize("name", ["Thing", "Policy"])
def test_it_is_what_a_processor_makes_of_the_frame(awkward: Release, data_folder: DataFolder, name: str) -> None:
    release = awkward if name == "Thing" else data_folder.current()
    assert release
    of, path = made(release)[f"jsonld/{name}.jsonld"]
    statistics = Offers(release).statistics()
    assert statistics
    (described,) = (each for each in statistics.classes if each.iri == of)
    stated = {quad.triple for quad in ox.parse(b"".join(release.merged()), format=ox.RdfFormat.N_QUADS)}
    members = {triple.subject for triple in stated if str(triple.object) == f"<{of}>"}
    told = {t for t in stated if t.subject in members or t.predicate.value in (RDFS.label, SKOS.prefLabel)}
    nodes = jsonld.from_rdf("".join(f"{triple} .\n" for triple in told), {"useNativeTypes": False})
    expanded = [*map(natively, nodes)]
    own = [node for node in expanded if of in node.get("@type", [])]
    labels = {RDFS.label, SKOS.prefLabel, "@id"}
    others = [{key: node[key] for key in labels & node.keys()} for node in expanded if node not in own]
    framed = jsonld.frame(own + others, frame_of(described), {"omitGraph": False})
    expected = {node["id"]: unordered(without_types(node)) for node in framed["@graph"]}
    ours = json.loads(path.read_text("utf-8"))["@graph"]
    assert {node["id"]: unordered(without_types(node)) for node in ours} == expected


def test_another_processor_reads_the_same(awkward: Release) -> None:
    path = made(awkward)["jsonld/Thing.jsonld"][1]
    text = jsonld.to_rdf(json.loads(path.read_text("utf-8")), {"format": "application/n-quads"})
    again = {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_QUADS)}
    assert {str(t.subject) for t in again} == {str(t.subject) for t in triples(path)}
    assert len(again) == len(triples(path))


def test_a_reader_of_plain_json_finds_a_tree(awkward: Release) -> None:
    a, b = document(awkward, "Thing")["@graph"]
    assert (a["id"], a["type"]) == (f"{releases.EX}a", "Thing")
    assert a["label"] == {"en": ["A"], "zh": ["甲"]}  # lists, since another has two in one language
    assert (sorted(a["count"]), a["true"]) == ([7, 12], True)
    assert a["big"] == {"type": "http://www.w3.org/2001/XMLSchema#integer", "@value": "123456789012345678901234567890"}
    assert (a["id_id"], a["id_type"]) == ("no keyword", "nor this")
    named, nameless = a["part"]
    assert named == {"id": f"{releases.EX}b", "label": {"en": ["B", "Be"]}}
    assert nameless == f"{releases.EX}nameless"
    assert b["part"][1] == {"id": f"{releases.EX}c", "prefLabel": {"en": "C"}}


def test_what_is_no_number_as_json_writes_it_keeps_its_text(awkward: Release) -> None:
    (wrong,) = document(awkward, "Wrong")["@graph"]
    native = [value for value in wrong["count"] if isinstance(value, int)]
    assert native == [-1]
    assert {value["@value"] for value in wrong["count"] if value != -1} == {"abc", "1_000"}


def test_a_context_is_in_the_document_and_fetches_nothing(release: Release) -> None:
    for _, path in made(release).values():
        context = json.loads(path.read_text("utf-8"))["@context"]
        assert isinstance(context, dict)
        assert not {"@import", "@base", "@vocab"} & context.keys()
