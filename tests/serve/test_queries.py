"""Named queries over HTTP: the list, each query, and their description."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import httpx
import polars as pl
import pyoxigraph as ox
import pytest
from jsonschema_rs import Draft202012Validator

from kg.queries import NamedQuery
from kg.serve.named.answers import FORMATS
from kg.store.release import Release

Serve = Callable[..., AbstractContextManager[httpx.Client]]
VALUES = "/queries/figures/contract-value-by-year"


@pytest.fixture(scope="module")
def bundled(bundle_release: Release, serve: Serve, named_queries: dict[str, NamedQuery]) -> Iterator[httpx.Client]:
    """The service over the bundled sources, where things have names."""
    with serve(lambda: bundle_release, named_queries=named_queries) as client:
        yield client


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
        assert set(described) == {parameter.name for parameter in query.parameters} | {"format", "limit", "cursor"}
        for parameter in query.parameters:
            assert described[parameter.name]["required"] == parameter.required
            assert described[parameter.name]["description"] == parameter.description
    identifiers = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert len(identifiers) == len(set(identifiers))


# Pages of rows


def followed(client: httpx.Client, address: str, relation: str, **headers: str) -> Iterator[httpx.Response]:
    """The pages that lead on from one another by a relation, the first one included."""
    while True:
        response = client.get(address, headers=headers)
        assert response.status_code == 200, response.text
        yield response
        if relation not in response.links:
            return
        address = response.links[relation]["url"]


@pytest.mark.parametrize("path", [f"{VALUES}?channel=six-ways", "/queries/figures/counts-by-class"])
@pytest.mark.parametrize("limit", [1, 2, 10_000])
def test_pages_together_are_the_whole_forwards_and_backwards(client: httpx.Client, path: str, limit: int) -> None:
    whole = client.get(path)
    pages = list(followed(client, f"{path}{'&' if '?' in path else '?'}limit={limit}", "next"))
    assert [row for page in pages for row in page.json()] == whole.json()
    assert {page.headers["total-rows"] for page in (whole, *pages)} == {str(len(whole.json()))}
    back = list(followed(client, str(pages[-1].url), "prev"))
    assert [page.json() for page in reversed(back)] == [page.json() for page in pages]
    assert all(client.get(page.links["first"]["url"]).json() == pages[0].json() for page in pages)
    assert "prev" not in pages[0].links and "next" not in whole.links


def parsed(content: bytes, name: str) -> list[tuple[object, ...]]:
    solutions = ox.parse_query_results(content, getattr(ox.QueryResultsFormat, name))
    assert isinstance(solutions, ox.QuerySolutions)
    return [tuple(solution) for solution in solutions]


READ: dict[str, Callable[[bytes], object]] = {
    "json": lambda content: len(json.loads(content)),
    "csv": lambda content: len(list(csv.DictReader(io.StringIO(content.decode())))),
    "parquet": lambda content: len(pl.read_parquet(content)),
    "tsv": lambda content: len(parsed(content, "TSV")),
    "srj": lambda content: len(parsed(content, "JSON")),
    "srx": lambda content: len(parsed(content, "XML")),
}


@pytest.mark.parametrize("name", READ)
def test_an_answer_and_a_page_in_each_format(client: httpx.Client, name: str) -> None:
    whole = client.get(VALUES, params={"format": name})
    page = client.get(VALUES, params={"limit": "2"}, headers={"accept": FORMATS[name]})
    for response, number in ((whole, len(client.get(VALUES).json())), (page, 2)):
        assert response.headers["content-type"].partition(";")[0] == FORMATS[name]
        assert READ[name](response.content) == number
        assert "Accept" in response.headers["vary"]
        known = {"if-none-match": response.headers["etag"], "accept": FORMATS[name]}
        again = client.get(response.request.url, headers=known)
        assert (again.status_code, again.content) == (304, b"")


def test_an_etag_is_of_one_release_format_and_page(client: httpx.Client) -> None:
    asked = [
        {},
        {"limit": "1"},
        {"limit": "2"},
        {"format": "parquet"},
        {"format": "csv"},
        {"unit": "USD"},
        {"format": "rq"},
    ]
    asked.append({"cursor": client.get(VALUES, params={"limit": "1"}).links["next"]["url"].partition("cursor=")[2]})
    assert len({client.get(VALUES, params=each).headers["etag"] for each in asked}) == len(asked)


def test_head_says_what_get_would(client: httpx.Client) -> None:
    for params in ({}, {"limit": "1"}, {"format": "csv"}, {"format": "rq"}, {"format": "html"}):
        head, get = client.head(VALUES, params=params), client.get(VALUES, params=params)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.parametrize("name", ["limit", "cursor"])
@pytest.mark.parametrize("value", ["0", "-1", "10001", "x", "1e3", "٣"])
def test_a_limit_or_cursor_that_is_none_is_named(client: httpx.Client, name: str, value: str) -> None:
    response = client.get(VALUES, params={name: value})
    assert response.status_code == 400
    assert response.json()["code"] == ("parameter" if name == "limit" else "cursor")


def test_a_cursor_is_of_one_query_with_its_values(client: httpx.Client) -> None:
    onwards = client.get(VALUES, params={"limit": "1"}).links["next"]["url"]
    for wrong in (onwards.replace("?", "?unit=USD&"), onwards.replace(VALUES, "/queries/figures/counts-by-class")):
        response = client.get(wrong)
        assert (response.status_code, response.json()["code"]) == (400, "cursor")
        assert "another query or other values" in response.json()["detail"]
    assert len(client.get(onwards.replace("limit=1", "limit=2")).json()) == 2


def test_paging_stays_on_its_release_while_that_can_be_had_and_says_when_it_cannot(
    make_release: Callable[..., Release], serve: Serve, named_queries: dict[str, NamedQuery], tmp_path: Path
) -> None:
    old, new = (
        make_release(tmp_path / name, name) for name in ("20251130T101500.000Z-one", "20251201T101500.000Z-two")
    )
    live = [old]
    with serve(lambda: live[0], named_queries=named_queries, look_seconds=0.02) as client:
        first = client.get(VALUES, params={"limit": "1"})
        onwards = first.links["next"]["url"]
        unread = client.get(VALUES, params={"limit": "1", "unit": "CNY"}).links["next"]["url"]
        live[0] = new
        while client.get("/health").json()["release"] != new.id:
            time.sleep(0.01)
        second = client.get(onwards)
        assert second.status_code == 200
        assert old.id in second.headers["etag"]
        assert new.id in client.get(VALUES, params={"limit": "1"}).headers["etag"]
        assert client.get(unread).status_code == 200
    with serve(lambda: new, named_queries=named_queries) as client:  # as after the rows have made room for others
        gone = client.get(onwards)
        assert (gone.status_code, gone.json()["code"]) == (410, "stale-cursor")
        assert f"begin again without cursor, on release {new.id}" in gone.json()["detail"]
        page = client.get(onwards, headers={"accept": "text/html"})
        assert (page.status_code, page.headers["content-type"]) == (410, "text/html; charset=utf-8")


def test_rows_are_found_again_where_the_cursor_says(
    release: Release, serve: Serve, named_queries: dict[str, NamedQuery]
) -> None:
    with serve(lambda: release, named_queries=named_queries) as client:
        onwards = client.get(VALUES, params={"limit": "1"}).links["next"]["url"]
        wanted = client.get(onwards).json()
    with serve(lambda: release, named_queries=named_queries) as client:
        assert client.get(onwards).json() == wanted


# Values


@pytest.mark.parametrize("area", ["China", "中国", "cn", "id:area/CN", "<https://w3id.org/techtransfer/id/area/CN>"])
def test_a_thing_can_be_given_by_its_name(bundled: httpx.Client, area: str) -> None:
    answer = bundled.get(VALUES, params={"area": area})
    assert answer.status_code == 200, answer.text
    assert answer.json() == bundled.get(VALUES, params={"area": "CN"}).json() != []


def test_what_is_wrong_with_a_value_is_said_to_programs_too(bundled: httpx.Client) -> None:
    problem = bundled.get(VALUES, params={"channel": "six-wais"}).json()
    assert (problem["code"], problem["parameter"]) == ("parameter", "channel")
    assert "six-ways" in problem["accepted"]
    assert bundled.get(VALUES, params={"aera": "CN"}).json()["accepted"] == [
        "area",
        "channel",
        "language",
        "population",
        "unit",
    ]
    twice = bundled.get(f"{VALUES}?area=CN&area=GB")
    assert (twice.status_code, twice.json()["parameter"]) == (400, "area")


def test_the_sparql_that_is_shown_gives_the_same_rows(client: httpx.Client) -> None:
    answer = client.get(VALUES, params={"unit": "CNY"})
    link = answer.links["describedby"]
    assert link["type"] == "application/sparql-query"
    shown = client.get(link["url"])
    assert shown.headers["content-type"] == "application/sparql-query; charset=utf-8"
    direct = client.post("/sparql", content=shown.text, headers={"content-type": "application/sparql-query"})
    named = client.get(VALUES, params={"unit": "CNY", "format": "srj"})
    assert direct.json() == named.json()
    assert client.get(named.links["describedby"]["url"]).text == shown.text


# What OpenAPI says


def test_a_list_of_values_in_openapi_is_that_of_the_release(bundled: httpx.Client) -> None:
    told = bundled.get("/openapi.json").json()
    schemas = told["components"]["schemas"]
    (area,) = (each for each in told["paths"][VALUES]["get"]["parameters"] if each["name"] == "area")
    listed, other = area["schema"]["anyOf"]
    assert "CN" in schemas[listed["$ref"].rpartition("/")[2]]["enum"]
    assert "what the thing is called" in other["description"]
    assert area["schema"]["default"] == "CN"


def test_rows_fit_the_schema_that_is_told_of_them(bundled: httpx.Client, named_queries: dict[str, NamedQuery]) -> None:
    paths, with_rows = bundled.get("/openapi.json").json()["paths"], 0
    for name in named_queries:
        told = paths[f"/queries/{name}"]["get"]
        needed = {each["name"]: each["example"] for each in told["parameters"] if each.get("required")}
        rows = bundled.get(f"/queries/{name}", params=needed).json()
        fitting = Draft202012Validator(
            told["responses"]["200"]["content"]["application/json"]["schema"], validate_formats=True
        )
        fitting.validate(rows)
        for row in rows[:1]:
            with_rows += 1
            assert not fitting.is_valid([row | {"more": 1}])
            assert not fitting.is_valid([{key: [] for key in row}])
    assert with_rows > len(named_queries) / 2


def test_examples_and_defaults_fit_the_schemas_of_their_parameters(bundled: httpx.Client) -> None:
    told, tried = bundled.get("/openapi.json").json(), 0
    for path, operations in told["paths"].items():
        for each in operations["get"]["parameters"] if path.startswith("/queries/") else ():
            schema = {**each["schema"], "components": told["components"]}
            for value in filter(None, (each.get("example"), each["schema"].get("default"))):
                tried += 1
                assert Draft202012Validator(schema).is_valid(value), (path, each["name"], value)
    assert tried
