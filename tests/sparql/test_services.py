"""SERVICE calls: all are found, none is invented, and what cannot be told for certain is refused."""

from __future__ import annotations

import pytest

from kg.errors import QuerySyntaxError, RefusedError
from kg.sparql.services import calls, pointed

HERE = "http://127.0.0.1:1/"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ASK { SERVICE <x:a> {} }", [("x:a", False)]),
        ("ASK{service<x:a>{}}", [("x:a", False)]),
        ("ASK { SeRvIcE # one\n SILENT # two\n <x:a> {} }", [("x:a", True)]),
        ("PREFIX s: <x:> ASK { SERVICE s:a {} SERVICE SILENT s:b {} }", [("x:a", False), ("x:b", True)]),
        ("BASE <http://b/> ASK { SERVICE <a> {} }", [("http://b/a", False)]),
        ("ASK { FILTER EXISTS { SERVICE <x:a> { ?s ?p 'SERVICE <x:b> {}' } } # SERVICE <x:c> {}\n }", [("x:a", False)]),
        ("ASK { { SELECT * { SERVICE <x:a> { SERVICE <x:b> {} } } } }", [("x:a", False), ("x:b", False)]),
        ("ASK { ?a ?b ?u FILTER(?a<?b)SERVICE<x:a>#>\n{ ?s ?p ?o } }", [("x:a", False)]),
        ("PREFIX service: <x:> ASK { ?service service:SERVICE 'SERVICE' SERVICE service:a {} }", [("x:a", False)]),
        ("ASK { ?service <x:SERVICE> 'SERVICE <x:a> {}' }", []),
        ("ASK {}", []),
    ],
)
def test_all_calls_are_found(query: str, found: list[tuple[str, bool]]) -> None:
    seen = calls(query)
    assert [(call.address, call.silent) for call in seen] == found
    elsewhere = pointed(query, seen, [f"{HERE}{number}" for number in range(len(found))])
    assert [call.address for call in calls(elsewhere)] == [f"{HERE}{number}" for number in range(len(found))]


@pytest.mark.parametrize(
    "query",
    [
        "ASK { VALUES ?u { <x:a> } SERVICE ?u {} }",
        "ASK { SERVICE <x:a> {} SERVICE ?u {} }",
        "ASK { SERVICE <x:a> { SERVICE SILENT $u {} } }",
        "ASK { ?a ?b ?u FILTER(?a<?b)SERVICE?u#>\n{ ?s ?p ?o } }",
        "ASK { " + "SERVICE <x:a> {} " * 17 + "}",
    ],
)
def test_what_is_not_known_before_the_query_runs_is_refused(query: str) -> None:
    with pytest.raises(RefusedError):
        calls(query)


@pytest.mark.parametrize("query", ["ASK { SERVICE }", "ASK { SERVICE <x:a> {}", "SERVICE", "ASK { SERVICE s:a {} }"])
def test_what_is_no_sparql_is_called_so(query: str) -> None:
    with pytest.raises(QuerySyntaxError):
        calls(query)


def test_calls_inside_the_body_of_another_are_told_from_the_others() -> None:
    query = "ASK { SERVICE <x:a> { { SERVICE <x:b> { SERVICE <x:c> {} } } } SERVICE <x:d> {} { SERVICE <x:e> {} } }"
    assert [call.address for call in calls(query) if call.inner] == ["x:b", "x:c"]


def test_pointing_elsewhere_changes_nothing_else() -> None:
    query = "ASK { SERVICE SILENT <x:a> { ?s ?p 'SERVICE <x:a>' } # SERVICE <x:a>\n }"
    assert pointed(query, calls(query), [HERE]) == query.replace("SERVICE SILENT <x:a>", f"SERVICE SILENT <{HERE}>")
