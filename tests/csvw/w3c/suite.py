"""The csv2rdf part of the W3C test suite of CSV on the Web, run from a local copy of it.

The addresses of the suite are answered from the folder; what the W3C's site says under ``/.well-known/csvm`` is written
beside. Results are compared as graphs, term by term: nothing is rewritten before.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pyoxigraph as ox
import yaml

from kg.csvw.conversion import convert
from kg.csvw.places import Web
from kg.errors import KgError

BASE = "http://www.w3.org/2013/csvw/tests/"
MISSES = Path(__file__).with_name("misses.yaml")
KINDS = {
    "csvt:ToRdfTest": "positive",
    "csvt:ToRdfTestWithWarnings": "with warnings",
    "csvt:NegativeRdfTest": "negative",
}
_SITE_WIDE = "{+url}-metadata.json\ncsv-metadata.json\n{+url}.json\ncsvm.json\n"


@dataclass(frozen=True)
class Case:
    """One test: what is converted and how, and the graph that has to come out."""

    name: str
    kind: str
    action: str
    result: str = ""
    metadata: str = ""
    link: str = ""
    minimal: bool = False


def cases(folder: Path) -> list[Case]:
    """The tests of the manifest, in its order."""
    manifest = json.loads((folder / "manifest-rdf.jsonld").read_text(encoding="utf-8"))
    return [_case(entry) for entry in manifest["entries"]]


def _case(entry: dict[str, object]) -> Case:
    option = entry.get("option", {})
    assert isinstance(option, dict)
    return Case(
        name=str(entry["id"]).partition("#")[2],
        kind=KINDS[str(entry["type"])],
        action=urljoin(BASE, str(entry["action"])),
        result=str(entry.get("result", "")),
        metadata=urljoin(BASE, option["metadata"]) if "metadata" in option else "",
        link=str(entry.get("httpLink", "")),
        minimal=bool(option.get("minimal", False)),
    )


def places(folder: Path, scratch: Path) -> Web:
    """The addresses of the suite and of the site that it lies on."""
    (scratch / "csvm").write_text(_SITE_WIDE, encoding="utf-8")
    return Web({"http://www.w3.org/.well-known/": scratch, BASE: folder})


def outcome(case: Case, folder: Path, web: Web) -> str:
    """What went wrong; empty for a test that passes."""
    try:
        converted = convert(case.action, web, minimal=case.minimal, metadata=case.metadata, link=case.link)
        lines = list(converted.lines)
    except KgError as error:
        return "" if case.kind == "negative" else f"{type(error).__name__}: {error}"
    if case.kind == "negative":
        return "no error was raised"
    if case.kind == "with warnings" and not converted.warnings:
        return "no warning was given"
    if case.kind == "positive" and converted.warnings:
        return f"a warning was given: {converted.warnings[0]}"
    found = graph("\n".join(lines).encode(), ox.RdfFormat.N_TRIPLES)
    expected = graph((folder / case.result).read_bytes(), ox.RdfFormat.TURTLE, base=urljoin(BASE, case.result))
    return "" if found == expected else _difference(found, expected)


def graph(text: bytes, format: ox.RdfFormat, *, base: str | None = None) -> ox.Dataset:
    """A graph whose blank nodes have canonical names."""
    dataset = ox.Dataset(ox.parse(text, format=format, base_iri=base))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _difference(found: ox.Dataset, expected: ox.Dataset) -> str:
    parts = [sorted(map(str, mine)) for mine in (set(expected) - set(found), set(found) - set(expected))]
    return "\n".join(
        [f"of {len(expected)} quads", *(f"- {line}" for line in parts[0]), *(f"+ {line}" for line in parts[1])]
    )


def misses() -> dict[str, str]:
    """The tests that are known not to pass, with the reason."""
    return yaml.safe_load(MISSES.read_text(encoding="utf-8")) or {}


def table(outcomes: Iterable[tuple[Case, str]]) -> str:
    """How many tests of each kind there are, and how many pass, as a table of Markdown."""
    kinds = Counter((case.kind, not wrong) for case, wrong in outcomes)
    lines = ["| tests | number | passed |", "| --- | --: | --: |"]
    for kind in KINDS.values():
        lines.append(f"| {kind} | {kinds[kind, True] + kinds[kind, False]} | {kinds[kind, True]} |")
    every, passed = sum(kinds.values()), sum(number for (_, good), number in kinds.items() if good)
    return "\n".join([*lines, f"| all | {every} | {passed} |"])
