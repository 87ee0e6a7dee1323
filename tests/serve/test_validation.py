"""Validation over HTTP: what can be sent, what comes back, what is refused, and what it may cost."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import psutil
import pyoxigraph as ox
import pytest
from pyoxigraph import Literal
from rdflib import Graph
from starlette.exceptions import HTTPException

from kg.queries import NamedQuery
from kg.serve.uploads import LARGEST, MOST_PARTS, Part, parts
from kg.serve.validation_description import FORMATS
from kg.store.querying.workers import Limits
from kg.store.release import Release
from kg.validation.report import Report, Result, Severity
from kg.vocabulary import PREFIXES, SH

from .test_app import until

Queries = dict[str, NamedQuery]
Serve = Callable[..., AbstractContextManager[httpx.Client]]
MakeRelease = Callable[..., Release]

HEAD = """@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix tt: <https://w3id.org/techtransfer/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
SHAPES = f"""{HEAD} ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:PersonShape-age .
ex:PersonShape-age sh:path ex:age ; sh:minInclusive 0 ; sh:message "A person has an age, 0 or more." .
"""
GOOD = f"{HEAD} ex:ann a ex:Person ; ex:age 34 ."
BAD = f'{HEAD} ex:bob a ex:Person ; rdfs:label "Bob <b>"@en ; ex:age -5 . ex:cy a ex:Person ; ex:age -1 .'
TURTLE, JSON_LD = "text/turtle", "application/ld+json"


def send(client: httpx.Client, data: str | bytes, shapes: str = SHAPES, **options: str) -> httpx.Response:
    files = {"data": ("data.ttl", data), **({"shapes": ("shapes.ttl", shapes, TURTLE)} if shapes else {})}
    headers = {"accept": options.pop("accept", "*/*")}
    return client.post("/validate", files=files, params=options, headers=headers)


def test_data_that_conforms_is_200_and_violations_are_422(client: httpx.Client) -> None:
    good, bad = send(client, GOOD), send(client, BAD)
    assert (good.status_code, good.json()["conforms"], good.json()["targeted"]) == (200, True, True)
    assert (bad.status_code, bad.headers["content-type"]) == (422, "application/json")
    assert bad.json()["counts"] == {"Violation": 2, "Warning": 0, "Info": 0}
    assert [(each["value"], each["label"]) for each in bad.json()["results"]] == [("-5", "Bob <b>"), ("-1", None)]
    assert bad.headers["cache-control"] == "no-store"


def test_a_warning_is_no_violation(client: httpx.Client) -> None:
    answer = send(client, BAD, SHAPES.replace("sh:path", "sh:severity sh:Warning ; sh:path"))
    assert (answer.status_code, answer.json()["counts"]["Warning"]) == (200, 2)


@pytest.mark.parametrize("name", FORMATS)
def test_the_report_comes_in_the_form_that_is_asked_for(name: str, client: httpx.Client) -> None:
    for answer in (send(client, BAD, format=name), send(client, BAD, accept=FORMATS[name])):
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (422, FORMATS[name])
        if name == "html":
            assert "Bob &lt;b&gt;" in answer.text
            assert "A person has an age, 0 or more." in answer.text
        elif name != "json":
            syntax = ox.RdfFormat.from_media_type(FORMATS[name])
            values = [quad.object for quad in ox.parse(answer.content, format=syntax) if "value" in str(quad.predicate)]
            assert {int(value.value) for value in values if isinstance(value, Literal)} == {-5, -1}


def test_results_are_limited_and_counted(client: httpx.Client) -> None:
    document = send(client, BAD, limit="1").json()
    assert (document["counts"]["Violation"], len(document["results"])) == (2, 1)
    assert "and 1 more" in send(client, BAD, limit="1", format="html").text


def test_a_body_is_checked_with_the_shapes_of_the_service(client: httpx.Client) -> None:
    period = f'{HEAD} <https://w3id.org/techtransfer/id/period/CY2020> a tt:Period ; rdfs:label "2020"@en .'
    answer = client.post("/validate", content=period, headers={"content-type": TURTLE})
    assert answer.status_code == 422
    assert "PeriodShape-firstDay" in answer.text
    nothing = client.post("/validate", content=GOOD, headers={"content-type": "text/turtle; charset=utf-8"})
    assert (nothing.status_code, nothing.json()["targeted"]) == (200, False)


def test_a_property_that_checks_nothing_is_told(client: httpx.Client) -> None:
    misspelt = SHAPES.replace("sh:minInclusive", "sh:minInclusiv")
    told = ["shapes.ttl: http://example.org/PersonShape-age: sh:minInclusiv is not known, so it checks nothing"]
    assert (send(client, BAD).json()["notes"], send(client, BAD, misspelt).json()["notes"]) == ([], told)
    assert f"<li>{told[0]}</li>" in send(client, BAD, misspelt, format="html").text


def test_every_syntax_is_read_and_packed_too(client: httpx.Client) -> None:
    triples = [quad.triple for quad in ox.parse(BAD, format=ox.RdfFormat.TURTLE)]
    for syntax in (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.JSON_LD, ox.RdfFormat.RDF_XML, ox.RdfFormat.TRIG):
        content = ox.serialize(triples, format=syntax) or b""
        files = {"data": ("", content, syntax.media_type), "shapes": ("", SHAPES, TURTLE)}
        assert client.post("/validate", files=files).json()["counts"]["Violation"] == 2
        named = {"data": (f"x.{syntax.file_extension}.gz", gzip.compress(content)), "shapes": ("s.ttl", SHAPES)}
        assert client.post("/validate", files=named).json()["counts"]["Violation"] == 2


def test_data_and_shapes_may_come_in_several_parts(client: httpx.Client) -> None:
    more = SHAPES.replace("age", "name").replace("sh:minInclusive 0", "sh:minCount 1")
    files = [
        ("data", ("a.ttl", GOOD)),
        ("data", ("b.ttl", BAD)),
        ("shapes", ("s.ttl", SHAPES)),
        ("shapes", ("t.ttl", more)),
    ]
    assert client.post("/validate", files=files).json()["counts"]["Violation"] == 5


SERVICE = f"""{HEAD} ex:A a sh:NodeShape ; sh:targetClass ex:Person ; sh:sparql ex:S .
ex:S sh:select "SELECT $this {{ SERVICE <http://127.0.0.1:1/> {{ $this ?p ?o }} }}" ."""
WRONG = {
    "data": ("ex:a ex:b", SHAPES, 422, "data.ttl, line 1"),
    "remote context": ('{"@context": "http://127.0.0.1:1/", "@id": "x:y"}', SHAPES, 422, "data.ttl"),
    "no shapes": (GOOD, f"{HEAD} ex:a ex:b ex:c .", 422, "no shape has a target"),
    "SERVICE": (GOOD, SERVICE, 422, "SERVICE is not allowed"),
    "FROM": (GOOD, SERVICE.replace("{ SERVICE", "FROM <http://127.0.0.1:1/> { GRAPH"), 422, "FROM is not allowed"),
    "regular expression": (GOOD, SHAPES.replace("sh:minInclusive 0", 'sh:pattern "("'), 422, "PersonShape-age"),
    "recursive": (
        GOOD,
        SHAPES.replace("sh:minInclusive 0", "sh:node ex:PersonShape"),
        422,
        "http://example.org/PersonShape: the shape is recursive",
    ),
}


@pytest.mark.parametrize(("data", "shapes", "status", "told"), WRONG.values(), ids=WRONG)
def test_bad_input_is_a_problem(data: str, shapes: str, status: int, told: str, client: httpx.Client) -> None:
    answer = send(client, data, shapes)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert told in answer.json()["detail"]


def test_requests_that_cannot_be_understood(client: httpx.Client) -> None:
    def status(**sent: object) -> int:
        answer = client.post("/validate", **sent)  # type: ignore[arg-type]
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code

    assert status(content=b"a,b", headers={"content-type": "text/csv"}) == 415
    assert status() == 415
    assert status(content=b"--x", headers={"content-type": "multipart/form-data"}) == 400
    assert status(files={"data": ("a.csv", "a,b", "text/csv")}) == 422
    assert status(files={"data": ("a", "a,b")}) == 422
    assert status(files={"shapes": ("s.ttl", SHAPES)}) == 422
    assert status(files={"date": ("s.ttl", SHAPES)}) == 422
    assert status(content=GOOD, headers={"content-type": TURTLE, "accept": "image/png"}) == 406
    for number in ("0", "²", "9" * 20, "9" * 5000, "0" * 5000 + "1"):
        assert status(content=GOOD, headers={"content-type": TURTLE}, params={"limit": number}) == 400
    assert status(content=GOOD, headers={"content-type": TURTLE}, params={"format": "pdf"}) == 400
    assert status(content=bytes(LARGEST + 1), headers={"content-type": TURTLE}) == 413


def test_a_form_is_taken_apart_to_the_byte() -> None:
    content = bytes(range(256)) + b"\r\n--other\r\n\r\n"
    body = (
        b'preamble\r\n--b\r\nContent-Disposition: form-data; name="data"; filename="\xc3\xa9.ttl"\r\n'
        b"Content-Type: text/turtle; charset=utf-8\r\n\r\n" + content + b"\r\n"
        b"--b \r\ncontent-disposition: form-data; name=shapes\r\n\r\n\r\n--b--\r\n"
    )
    (part,) = parts(body, 'multipart/form-data; boundary="b"')
    assert (part.name, part.media_type, part.content) == ("data", "text/turtle", content)
    assert isinstance(part, Part)
    for broken in (body[:-8], b"", b"--b\r\n\r\nx\r\n--b--"):
        with pytest.raises(HTTPException):
            list(parts(broken, "multipart/form-data; boundary=b"))


def test_a_form_of_more_parts_than_anybody_means_is_refused_at_once() -> None:
    part = b"--b\r\nContent-Disposition: form-data; name=data\r\n\r\n#\r\n"
    assert len(list(parts(part * MOST_PARTS + b"--b--", "multipart/form-data; boundary=b"))) == MOST_PARTS
    for costly in (
        part * 300_000,
        b"--b" + b"\r\n--b" * 3_000_000,
        b"--b\r\n" + b"a: b\r\n" * 2_000_000 + b"\r\nx\r\n",
    ):
        began = time.process_time()
        with pytest.raises(HTTPException):
            list(parts(costly + b"--b--", "multipart/form-data; boundary=b"))
        assert time.process_time() - began < 1


SLOW = f"""{HEAD} ex:A a sh:NodeShape ; sh:targetClass ex:Person ; sh:sparql ex:S .
ex:S sh:select "SELECT $this {{ $this ?p ?o . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c = 1 && ?f = ?i) }}" ."""
MANY = HEAD + "".join(f"ex:p{n} a ex:Person ; ex:age {n} .\n" for n in range(2000))


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def test_what_takes_too_long_is_ended(release: Release, serve: Serve, named_queries: Queries) -> None:
    before = children()
    with serve(lambda: release, named_queries=named_queries, limits=Limits(timeout=2.5)) as client:
        answer = send(client, MANY, SLOW)
        assert (answer.status_code, answer.json()["code"]) == (503, "query-timeout")
        assert client.get("/health").json()["workers"]["busy"] == 0
    until(lambda: not any(psutil.Process(pid).name().startswith("python") for pid in children() - before))


def test_what_takes_too_much_memory_is_ended(release: Release, serve: Serve, named_queries: Queries) -> None:
    limits = Limits(memory=64 << 20, timeout=60)
    packed = gzip.compress(b"".join(b"<x:%d> <x:p> <x:%d> .\n" % (n, n) for n in range(1_000_000)))
    with serve(lambda: release, named_queries=named_queries, limits=limits) as client:
        files = {"data": ("x.nt.gz", packed), "shapes": ("s.ttl", SHAPES)}
        answer = client.post("/validate", files=files, timeout=60)
        assert (answer.status_code, answer.json()["code"]) == (503, "result-too-large")
        assert send(client, GOOD).status_code == 200


def test_a_report_that_is_too_large_is_refused(release: Release, serve: Serve, named_queries: Queries) -> None:
    with serve(lambda: release, named_queries=named_queries, limits=Limits(result=1000)) as client:
        assert send(client, BAD, format="turtle").json()["code"] == "result-too-large"
        assert send(client, GOOD).status_code == 200


def test_validation_waits_for_its_turn_and_ends_with_its_client(
    release: Release, serve: Serve, named_queries: Queries
) -> None:
    with serve(lambda: release, named_queries=named_queries, workers=1, limits=Limits(timeout=60)) as client:
        body = f"{HEAD}{MANY}".encode()
        form = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="x.ttl"\r\n\r\n%s\r\n'
        content = form % (b"data", body) + form % (b"shapes", SLOW.encode()) + b"--b--\r\n"
        head = f"POST /validate HTTP/1.1\r\nHost: test\r\nContent-Length: {len(content)}\r\n"
        with socket.create_connection((client.base_url.host, client.base_url.port or 0)) as connection:
            connection.sendall(f"{head}Content-Type: multipart/form-data; boundary=b\r\n\r\n".encode() + content)
            until(lambda: client.get("/health").json()["workers"]["busy"] == 1)
        until(lambda: client.get("/health").json()["workers"]["busy"] == 0)


@pytest.fixture
def reported(make_release: MakeRelease, tmp_path: Path) -> Release:
    release = make_release(tmp_path)
    result = Result(
        focus=ox.NamedNode(f"{PREFIXES['id']}doc/gazette"),
        path=None,
        value=None,
        shape=f"{PREFIXES['tts']}DocumentAdvice-contentDigest",
        component=f"{SH.namespace}MinCountConstraintComponent",
        severity=Severity.WARNING,
        message="It has no digest.",
        source="documents.csv, row 3",
    )
    release.report.write_text(Report.of([result]).to_turtle(), "utf-8")
    return release


def test_the_report_of_the_live_release(reported: Release, serve: Serve, named_queries: Queries) -> None:
    with serve(lambda: reported, named_queries=named_queries) as client:
        document = client.get("/validation").json()
        assert (document["conforms"], document["counts"]["Warning"]) == (True, 1)
        assert document["results"][0]["label"] == "Gazette <b>& Co</b>"
        page = client.get("/validation", headers={"accept": "text/html"})
        assert (page.status_code, "Gazette &lt;b&gt;&amp; Co" in page.text) == (200, True)
        assert "documents.csv, row 3" in page.text
        assert "The document has no digest" in page.text  # the rule in words, from the shapes
        turtle = client.get("/validation", params={"format": "turtle"})
        assert Report.from_graph(Graph().parse(data=turtle.text, format="turtle")).counts() == document["counts"]
        assert client.head("/validation").status_code == 200


def test_a_release_without_a_report_says_so(client: httpx.Client) -> None:
    answer = client.get("/validation")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    page = client.get("/validation", headers={"accept": "text/html"})
    assert (page.status_code, "keeps no report" in page.text, 'action="/validate' in page.text) == (200, True, True)


def test_openapi_describes_both(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths["/validate"]["post"]["requestBody"]["content"]) >= {TURTLE, JSON_LD, "multipart/form-data"}
    assert set(paths["/validate"]["post"]["responses"]) >= {"200", "422", "413", "415"}
    assert set(paths["/validation"]["get"]["responses"]["200"]["content"]) == set(FORMATS.values())
    assert json.dumps(paths["/validate"])
