"""The shapes that are left to pySHACL: each kind that the README names, no other, and what is found is the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rdflib

from kg.errors import ConfigError
from kg.store.embedded import EmbeddedStore
from kg.store.memory import loaded
from kg.store.rdf_files import RdfFile
from kg.store.reading import read_rdf
from kg.validation import gate, reference
from kg.validation.compiler.plan import Plan
from kg.validation.shapes import Shapes

ROOT = Path(__file__).resolve().parents[2]
PREFIXES = """@prefix e: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = PREFIXES + "e:a a e:C ; e:p e:b , e:c ; e:q 1 . e:b a e:C ; e:p 1 ."
DECLARED = "e: sh:declare [ sh:prefix 'e' ; sh:namespace 'http://example.org/'^^xsd:anyURI ] . "
COMPONENT = DECLARED + (
    "e:K a sh:ConstraintComponent ; sh:parameter [ sh:path e:wanted ] ; sh:nodeValidator"
    " [ a sh:SPARQLSelectValidator ; sh:prefixes e: ; sh:select '''QUERY''' ] . "
)
NESTED = "[ sh:class e:C ]"
for _ in range(9):
    NESTED = f"[ sh:xone ( [ sh:path e:p ; sh:node {NESTED} ] [ sh:path e:q ; sh:class e:C ] [ sh:class e:C ] ) ]"

CASES = {
    "LIMIT counts solutions of each focus node": DECLARED
    + "e:S sh:targetClass e:C ; sh:sparql [ sh:prefixes e: ; sh:select 'SELECT $this { $this e:p ?x } LIMIT 1' ] .",
    "an ASK with modifiers has no set-based form": COMPONENT.replace(
        "QUERY", "ASK { $this ?any $wanted } ORDER BY $this"
    )
    .replace("nodeValidator", "validator")
    .replace("SPARQLSelectValidator", "SPARQLAskValidator")
    .replace("sh:select", "sh:ask")
    + "e:S a sh:NodeShape ; sh:targetClass e:C ; e:wanted 1 .",
    "is a blank node, which a query cannot name": DECLARED
    + "[] a sh:NodeShape ; sh:targetClass e:C ; sh:sparql [ sh:prefixes e: ;"
    " sh:select 'SELECT $this { $this e:p ?x FILTER(?x != $currentShape) }' ] .",
    "a parameter stands where SPARQL has no place for its value": COMPONENT.replace(
        "QUERY", "SELECT $this { $this $wanted ?x }"
    )
    + "e:S a sh:NodeShape ; sh:targetClass e:C ; e:wanted 1 .",
    "a query cannot name the blank node that a constraint wants": "e:S sh:targetClass e:C ; sh:property"
    " [ sh:path e:p ; sh:in ( e:b _:one ) ] .",
    "its shapes are nested so much": f"e:S sh:targetClass e:C ; sh:node {NESTED} .",
}
INTERNAL = {"a node shape has no values to count"}
"""What the compiler says of shapes that are refused when they are read."""


def shapes_of(text: str) -> Shapes:
    return Shapes.of(rdflib.Graph().parse(data=PREFIXES + text, format="turtle"))


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return loaded(read_rdf([RdfFile(DATA.encode(), "urn:e:graph", "ttl")], limits=None))


@pytest.mark.parametrize(("reason", "text"), CASES.items(), ids=CASES)
def test_the_readme_names_the_reason(reason: str, text: str) -> None:
    ((_, told),) = Plan.of(shapes_of(text).shapes).uncompiled
    assert reason in told
    assert f"| {reason}" in (ROOT / "README.md").read_text("utf-8")


def test_there_are_no_other_reasons() -> None:
    sources = "".join(file.read_text("utf-8") for file in (ROOT / "kg/validation/compiler").glob("*.py"))
    said = set(re.findall(r'NotCompiledError\(f?"([^"{]*)', sources)) - INTERNAL
    for start in re.split(r"def (?:unlike|uncompiled|_unwritable)\(", sources)[1:]:
        returned = re.findall(r'return f?"([^"]+)"', start.partition("\n\n\n")[0])
        said |= {text.rpartition("} ")[2] for text in returned}
    cases = [case.removeprefix("LIMIT ") for case in CASES]
    assert said == {text for text in said if any(case in text or text in case for case in cases)}
    assert len(said) == len(CASES)


@pytest.mark.parametrize("modifier", ["GROUP BY $this", "GROUP BY $this HAVING (COUNT(?any) > 1)", "ORDER BY $this"])
def test_an_ask_may_have_all_modifiers(modifier: str) -> None:
    text = CASES["an ASK with modifiers has no set-based form"].replace("ORDER BY $this", modifier)
    ((_, told),) = Plan.of(shapes_of(text).shapes).uncompiled
    assert "an ASK with modifiers" in told


@pytest.mark.filterwarnings("ignore")
def test_a_result_has_a_message_even_if_the_shapes_have_none(store: EmbeddedStore) -> None:
    limited = CASES["LIMIT counts solutions of each focus node"].replace("[ sh:prefixes", "e:L . e:L sh:prefixes")
    found = gate.check(store, shapes_of(limited.replace("LIMIT 1' ] .", "LIMIT 1' ."))).results
    assert {result.message for result in found} == {"This does not satisfy http://example.org/L."}


@pytest.mark.filterwarnings("ignore")
def test_what_pyshacl_cannot_use_is_named(store: EmbeddedStore) -> None:
    text = CASES["a parameter stands where SPARQL has no place for its value"].replace("nodeValidator", "validator")
    with pytest.raises(ConfigError, match=r"http://example.org/S: pySHACL cannot use the shape"):
        gate.check(store, shapes_of(text))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("reason", [reason for reason in CASES if "no place" not in reason])
def test_pyshacl_finds_it(reason: str, store: EmbeddedStore) -> None:
    shapes = shapes_of(CASES[reason])
    data = reference.merged(store, {quad.predicate.value for quad in store.quads()})
    found, expected = gate.check(store, shapes), reference.everything(data, shapes)
    assert {result.key for result in found.results} == {result.key for result in expected.results}
