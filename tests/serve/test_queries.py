"""Named queries over HTTP: the list, each query, and their description."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import httpx
import pyoxigraph as ox
import pytest

from kg.queries import NamedQuery
from kg.store.release import Release

Serve = Callable[..., AbstractContextManager[httpx.Client]]
VALUES = "/queries/figures/contract-value-by-year"


def test_the_list_names_every_query(client: httpx.Client, named_queries: dict[str, NamedQuery]) -> None:
    listed = client.get("/queries").json()
    assert [entry["name"] for entry in listed] == list(named_queries)
    for entry in listed:
        assert entry["summary"] and entry["question"] and entry["columns"]


def test_every_query_runs_with_its_examples(client: httpx.Client) -> None:
    for entry in client.get("/queries").json():
        needed = {item["name"]: item["example"] for item in entry["parameters"] if item["required"]}
        response = client.get(entry["href"], params=needed)
        assert response.status_code == 200, (entry["name"], response.text)


def test_rows_as_json(client: httpx.Client) -> None:
    rows = client.get(VALUES, params={"unit": "CNY"}).json()
    assert {(row["firstDay"], row["value"], row["lower"]) for row in rows} == {
        ("2019-01-01", 108_600_000_000, 108_050_000_000),
        ("2020-01-01", 125_600_000_000, 125_550_000_000),
    }


def test_rows_as_csv(client: httpx.Client) -> None:
    response = client.get(VALUES, params={"unit": "USD"}, headers={"accept": "text/csv"})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = csv.DictReader(io.StringIO(response.text))
    assert row["value"] == "18700000000"
    assert response.headers["etag"]


def test_an_answer_is_not_taken_for_that_of_a_query_file_that_has_changed(
    release: Release, serve: Serve, named_queries: dict[str, NamedQuery]
) -> None:
    query = named_queries[VALUES.removeprefix("/queries/")]
    changed = {query.name: replace(query, text=f"{query.text}\nLIMIT 1")}
    tags = []
    for queries in (named_queries, changed):
        with serve(lambda: release, named_queries=queries) as client:
            known = {"accept": "text/csv", "if-none-match": ", ".join(tags)}
            response = client.get(VALUES, headers=known)
            assert response.status_code == 200
            tags.append(response.headers["etag"])
            assert client.get(VALUES, headers={**known, "if-none-match": tags[-1]}).status_code == 304


def test_rows_as_sparql_results(client: httpx.Client) -> None:
    response = client.get(VALUES, params={"format": "srj", "unit": "USD"})
    solutions = ox.parse_query_results(response.content, ox.QueryResultsFormat.JSON)
    assert isinstance(solutions, ox.QuerySolutions)
    assert next(solutions)["value"] == ox.Literal("18700000000", datatype=ox.NamedNode(f"{XSD}decimal"))


XSD = "http://www.w3.org/2001/XMLSchema#"


def test_fields_left_empty_in_a_form_are_left_out(client: httpx.Client) -> None:
    assert client.get(VALUES, params={"unit": "", "population": ""}).json() == client.get(VALUES).json()


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        (VALUES, {"area": "no IRI <"}, 400, "parameter"),
        (VALUES, {"unknown": "1"}, 400, "parameter"),
        (VALUES, {"format": "pdf"}, 400, "parameter"),
        ("/queries/figures/contract-value", {}, 404, "unknown-query"),
        ("/queries/a/b/c", {}, 404, "unknown-query"),
    ],
)
def test_what_is_wrong_is_said(client: httpx.Client, path: str, params: dict[str, str], status: int, code: str) -> None:
    response = client.get(path, params=params)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_name_that_comes_close_is_suggested(client: httpx.Client) -> None:
    detail = client.get("/queries/figures/contract-values-by-year").json()["detail"]
    assert "figures/contract-value-by-year" in detail


def test_a_slash_too_many_is_forgiven(client: httpx.Client) -> None:
    assert client.get(f"{VALUES}/", follow_redirects=True).status_code == 200


def test_nothing_acceptable(client: httpx.Client) -> None:
    assert client.get(VALUES, headers={"accept": "image/png"}).status_code == 406


def test_each_query_is_in_openapi_with_its_parameters(
    client: httpx.Client, named_queries: dict[str, NamedQuery]
) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for query in named_queries.values():
        operation = paths[f"/queries/{query.name}"]["get"]
        assert operation["summary"] == query.summary
        described = {parameter["name"]: parameter for parameter in operation["parameters"]}
        assert set(described) == {parameter.name for parameter in query.parameters} | {"format"}
        for parameter in query.parameters:
            assert described[parameter.name]["required"] == parameter.required
            assert described[parameter.name]["description"] == parameter.description
    identifiers = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert len(identifiers) == len(set(identifiers))
