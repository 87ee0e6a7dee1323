"""Definitions: what headers may say, and what a query without the needed columns is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.analysis import definitions
from kg.errors import ConfigError, NetworkError, UnknownQueryError

HEADER = """#+ summary: s
#+ question: q
#+ network: {network}
#+ columns:
#+   - {{name: actor, meaning: a}}
#+   - {{name: event, meaning: e}}
#+   - {{name: first, meaning: f}}
#+ source: x
SELECT ?actor ?event ?first WHERE {{ ?event <https://e.org/p> ?actor ; <https://e.org/d> ?first }}
ORDER BY ?actor ?event ?first
"""

WRONG = {
    "an unknown key": ("{forms: edges}", ConfigError, "no key forms"),
    "an unknown form": ("{form: graph}", ConfigError, "form must be one of incidence, edges"),
    "columns of another form": ("{form: edges}", NetworkError, "needs the column one and other"),
    "a direction": ('{directed: "true"}', ConfigError, "only edges can be directed"),
    "unknown nodes": ("{nodes: all}", ConfigError, "nodes must be one of"),
    "a filter without column": (
        "{filters: [{name: x, type: iri, description: d, example: https://e.org/}]}",
        ConfigError,
        "filter x is no column",
    ),
    "a filter of no type": (
        "{filters: [{name: first, type: day, description: d}]}",
        ConfigError,
        "type day is none of",
    ),
    "links without a column": ('{links: {actor: ["tt:provider"]}}', ConfigError, "each column: first"),
    "links with an unknown prefix": ('{links: {actor: ["no:p"], first: tt:agreedOn}}', ConfigError, "links must map"),
}


@pytest.mark.parametrize(("network", "error", "told"), WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_is_told_with_the_file(network: str, error: type[Exception], told: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text(HEADER.format(network=network))
    with pytest.raises(error, match=rf"mine\.rq.*{told}"):
        definitions.find(str(path))


def test_a_query_without_the_columns_of_a_network(tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text("SELECT ?a ?b WHERE { ?a ?p ?b }")
    with pytest.raises(NetworkError, match=r"columns are a, b; a network needs actor and event .* or one and other"):
        definitions.find(str(path))


def test_a_query_without_a_header_is_a_network_by_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text("SELECT ?one ?other WHERE { ?one ?p ?other }")
    assert definitions.find(str(path)).form == "edges"


def test_an_unknown_network_is_told_what_comes_close() -> None:
    with pytest.raises(UnknownQueryError, match=r"co-participation"):
        definitions.find("co-particpation")
    with pytest.raises(UnknownQueryError, match=r"kg network list"):
        definitions.find("zzz")


def test_the_networks_that_are_shipped() -> None:
    known = definitions.load()
    assert {
        "co-participation",
        "joint-contracts",
        "co-authored-reports",
        "co-issued-policies",
        "institutions-and-channels",
        "institutions-and-themes",
        "relay-chains",
        "ownership",
    } <= set(known)
    assert {name for name, each in known.items() if each.directed} == {"relay-chains", "relaying-outlets", "ownership"}
