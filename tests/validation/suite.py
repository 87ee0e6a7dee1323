"""The W3C test suite of SHACL: its tests as values, a runner, and the table for the README.

`python -m tests.validation.suite` prints the table and each miss with its reason. The suite is not part of the
project; it is expected in ``../shared/suites/shacl``.

References
----------
https://w3c.github.io/data-shapes/data-shapes-test-suite/
"""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import yaml
from rdflib import RDF, SH, Graph, Namespace, URIRef
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from kg.validation.terms import to_rdflib

from .findings import Finding, differences, of_graph, same
from .validators import FailureError, Validator, by_kg, by_pyshacl

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
HERE = Path(__file__).parent
FOLDER = Path("suites/shacl/data-shapes-test-suite/tests")
PARTS = {"core": "SHACL Core", "sparql": "SHACL-SPARQL"}
VALIDATORS: dict[str, Validator] = {"kg": by_kg, "pySHACL": by_pyshacl}


@dataclass(frozen=True)
class Case:
    """One test: what to validate, and the results expected of it; None where the validator must refuse."""

    name: str
    data: Graph
    shapes: Graph
    expected: list[Finding] | None

    @property
    def part(self) -> str:
        """``core`` or ``sparql``."""
        return self.name.partition("/")[0]

    def missed(self, validator: Validator) -> str:
        """What the validator did otherwise than expected, a line each; empty if it passes."""
        try:
            found = validator(self.data, self.shapes)
        except FailureError as error:
            return "" if self.expected is None else f"refused: {error}"
        if self.expected is None:
            return f"not refused, {len(found)} results"
        return "" if same(self.expected, found) else differences(self.expected, found)


def files(folder: Path) -> list[Path]:
    """The files of the suite that hold tests, as its manifests list them."""
    return list(_included(folder / "manifest.ttl"))


def name(folder: Path, file: Path) -> str:
    """The name of a test: that of its file from the root of the suite, without ending."""
    return file.relative_to(folder).with_suffix("").as_posix()


def case(folder: Path, file: Path) -> Case:
    """The test in a file."""
    graph = _parsed(file)
    (head,) = graph.objects(None, MF.entries)
    (test,) = RdfList(graph, head)
    assert (test, RDF.type, SHT.Validate) in graph
    action, result = graph.value(test, MF.action), graph.value(test, MF.result)
    return Case(
        name=name(folder, file),
        data=_referred(graph, action, SHT.dataGraph),
        shapes=_referred(graph, action, SHT.shapesGraph),
        expected=None if result == SHT.Failure else _expected(graph, result),
    )


def known_misses() -> dict[str, dict[str, str]]:
    """The tests that a validator is known not to pass, with the reason: by validator, by name."""
    known: dict[str, dict[str, str]] = yaml.safe_load((HERE / "misses.yaml").read_text("utf-8"))
    return known


def table(names: Collection[str], misses: Mapping[str, Collection[str]]) -> str:
    """The README's table, from the names of all tests and of those that each validator misses."""
    lines = [["part", "tests", *VALIDATORS], ["---", *(["--:"] * (1 + len(VALIDATORS)))]]
    for part, title in {**PARTS, "": "all"}.items():
        of_part = {name for name in names if name.startswith(part)}
        passed = [len(of_part.difference(misses[validator])) for validator in VALIDATORS]
        lines.append([title, *map(str, (len(of_part), *passed))])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _included(manifest: Path) -> Iterator[Path]:
    graph = _parsed(manifest)
    if (None, MF.entries, None) in graph:
        yield manifest
    for file in sorted(map(str, graph.objects(None, MF.include))):
        yield from _included(_file(file))


def _expected(graph: Graph, report: Node | None) -> list[Finding]:
    found = of_graph(graph, report)
    assert graph.value(report, SH.conforms).toPython() is not bool(found)  # type: ignore[union-attr]
    return found


def _referred(graph: Graph, action: Node | None, role: URIRef) -> Graph:
    return _parsed(_file(str(graph.value(action, role, any=False))))


def _file(iri: str) -> Path:
    return Path(iri.removeprefix("file://"))


@cache
def _parsed(file: Path) -> Graph:
    """The triples of a file, literals as they stand; read once, so that blank nodes are the same ones in all roles."""
    graph = Graph(bind_namespaces="none")
    triples = ox.parse(path=str(file), format=ox.RdfFormat.TURTLE, base_iri=f"file://{file}")
    for triple in triples:
        graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
    for prefix, namespace in triples.prefixes.items():
        graph.bind(prefix, namespace)  # pySHACL looks here for prefixes that sh:prefixes does not declare
    return graph


def _missed(cases: list[Case], validator: Validator) -> dict[str, str]:
    return {one.name: missed for one in cases if (missed := one.missed(validator))}


def main() -> None:
    """Run the suite with both validators; print the table, and each miss with its reason or else what went wrong."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    folder = HERE.parents[2] / "shared" / FOLDER
    cases = [case(folder, file) for file in files(folder)]
    missed = {validator: _missed(cases, run) for validator, run in VALIDATORS.items()}
    sys.stdout.write(table([one.name for one in cases], missed) + "\n")
    for validator, names in missed.items():
        reasons = known_misses()[validator]
        sys.stdout.write(f"\n{validator} misses\n")
        sys.stdout.writelines(f"- {name}: {reasons.get(name) or text}\n" for name, text in names.items())


if __name__ == "__main__":
    main()
