"""What a record rests on over HTTP, and whether a document that is sent still says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from kg import evidence, iris
from kg.queries import NamedQuery
from kg.serve.access import Access
from kg.store.releases import DataFolder

from .conftest import MakeRelease

Serve = Callable[..., AbstractContextManager[httpx.Client]]

TEXT = "In 2023 the office signed 41 contracts.\n"
COUNT, DOC = "/evidence/obs/e/count", f"{iris.ID}doc/"
PLAIN = {"content-type": "text/plain"}


@pytest.fixture(scope="module")
def client(
    make_release: MakeRelease,
    serve: Serve,
    named_queries: dict[str, NamedQuery],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[httpx.Client]:
    quads = tuple(ox.parse(path=str(Path(__file__).parent / "evidence.trig")))
    release = make_release(tmp_path_factory.mktemp("evidence"), quads=quads)
    with serve(lambda: release, named_queries=named_queries) as client:
        yield client


def told(client: httpx.Client, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, response.text
    return response.json()


def post(client: httpx.Client, path: str, content: str | bytes, kind: str = "text/plain") -> Any:
    response = client.post(path, content=content, headers={"content-type": kind})
    assert response.status_code == 200, response.text
    return response.json()


def test_source_outlets_and_place_of_a_record(client: httpx.Client) -> None:
    answer = told(client, COUNT)
    (record,) = answer["records"]
    assert (record["value"], record["statedIn"]) == ("41", [f"{DOC}mirror"])
    documents = {each["id"].removeprefix(DOC): each for each in answer["documents"]}
    assert {name: each.get("quality") for name, each in documents.items()} == {
        "mirror": "mirror",
        "news": "press",
        "notice": "official",
        "agency": None,
    }
    assert documents["notice"]["issued"] == "2021-03"
    assert documents["mirror"]["captured"]
    steps = [
        (e["distance"], e["document"].removeprefix(DOC), e["relays"].removeprefix(DOC), e["saidOf"])
        for e in answer["outlets"]
    ]
    assert (
        steps
        == [
            (1, "agency", "notice", "document"),
            (1, "mirror", "agency", "record"),
            (1, "mirror", "news", "document"),
            (2, "news", "notice", "document"),
            (2, "notice", "mirror", "document"),
        ]
        or steps
    ), "a circle of outlets ends"
    (place,) = answer["places"]
    assert place["digest"] == evidence.digest("41")
    assert place["selector"] == {"type": "TextPositionSelector", "start": 26, "end": 28}


def test_places_are_web_annotations(client: httpx.Client) -> None:
    response = client.get(COUNT, headers={"accept": "application/ld+json"})
    assert response.headers["content-type"] == "application/ld+json"
    (item,) = response.json()["items"]
    assert item["body"] == f"{iris.ID}obs/e/count"
    assert item["target"][0]["source"] == f"{DOC}mirror"
    row = told(client, "/evidence/agreement/e/c-17?format=jsonld")["items"][0]["target"][0]
    assert row["selector"] == {
        "type": "FragmentSelector",
        "conformsTo": "http://tools.ietf.org/rfc/rfc7111",
        "value": "row=2",
    }


def test_what_a_derived_figure_was_made_of(client: httpx.Client) -> None:
    (operand,) = told(client, "/evidence/obs/e/half")["madeOf"]
    assert told(client, operand["href"])["records"][0]["id"] == f"{iris.ID}obs/e/count"


def test_of_a_document_all_its_records(client: httpx.Client) -> None:
    assert [each["id"] for each in told(client, "/evidence/doc/mirror")["records"]] == [f"{iris.ID}obs/e/count"]
    news = told(client, "/evidence/doc/news")
    assert (news["records"], news["places"]) == ([], [])
    assert told(client, "/evidence/doc%2Fmirror%2Fspan%2F26-28")["places"] == told(client, COUNT)["places"]


@pytest.mark.parametrize(
    ("text", "standing", "now"),
    [
        (TEXT, "unchanged", None),
        (f"News of the day.\n\n{TEXT}", "moved", "ay"),
        (TEXT.replace("41", "42"), "changed", "42"),
        ("In 2023", "absent", None),
        ("<script>alert(1)</script>      <b>", "changed", "  "),
    ],
)
def test_a_document_is_checked(client: httpx.Client, text: str, standing: str, now: str | None) -> None:
    (check,) = post(client, COUNT, text)["checks"]
    assert check["standing"] == standing
    if now and standing == "changed":
        assert check["now"]["text"] == now
    if standing == "moved":
        assert (check["found"]["start"], check["found"]["paragraph"]) == (44, 2)


def test_a_page_and_a_form(client: httpx.Client) -> None:
    page = "<html><head><title>t</title><body><p>The office signed <b>4</b>1 contracts."
    (check,) = post(client, COUNT, page, "text/html; charset=utf-8")["checks"]
    assert (check["standing"], check["found"]["in"]) == ("moved", "the text of the page")
    for name, standing in (("page.html", "moved"), ("page.txt", "changed")):
        response = client.post(COUNT, files={"document": (name, page.encode(), "application/octet-stream")})
        assert response.json()["counts"] == {standing: 1}


def test_a_row_of_a_register(client: httpx.Client) -> None:
    path, header = "/evidence/agreement/e/c-17", "id,value\n"
    for rows, standing in (
        ("c-17,1234.50", "unchanged"),
        ("a,1\nc-17,1234.50", "moved"),
        ("c-17,2", "changed"),
        ("x,3", "absent"),
    ):
        answer = post(client, path, header + rows, "text/csv")
        assert answer["counts"] == {standing: 1}
    moved = post(client, path, f"{header}a,1\nc-17,1234.50", "text/csv")["checks"][0]
    assert (moved["found"], moved["now"]) == ({"row": 3}, {"cells": ["c-17", "1234.50"]})


@pytest.mark.parametrize(
    ("method", "path", "content", "headers", "status"),
    [
        ("GET", "/evidence/obs/e/nix", None, {}, 404),
        ("GET", "/evidence/a%3E%20b", None, {}, 400),
        ("GET", f"{COUNT}?format=pdf", None, {}, 400),
        ("GET", COUNT, None, {"accept": "image/png"}, 406),
        ("POST", "/evidence/obs/e/nix", b"x", PLAIN, 404),
        ("POST", "/evidence/obs/e/half", b"x", PLAIN, 404),
        ("POST", "/evidence/obs/e/lost", b"x", PLAIN, 404),
        ("POST", COUNT, b"x", {}, 415),
        ("POST", COUNT, b"x", {"content-type": "application/pdf"}, 415),
        ("POST", COUNT, b"\xff\xfe", PLAIN, 422),
        ("POST", COUNT, b"x", {"content-type": "text/plain; charset=hex"}, 422),
        ("POST", COUNT, b"\\ud800", {"content-type": "text/plain; charset=unicode_escape"}, 422),
        ("POST", COUNT, b"x" * (8 * 2**20 + 1), PLAIN, 413),
        ("POST", COUNT, b"x", {"content-type": "multipart/form-data; boundary=a"}, 400),
        ("PUT", COUNT, b"x", PLAIN, 405),
    ],
)
def test_what_is_wrong_is_said(
    client: httpx.Client, method: str, path: str, content: bytes | None, headers: dict[str, str], status: int
) -> None:
    response = client.request(method, path, content=content, headers=headers)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"


def test_who_may_only_read_may_check(
    serve: Serve, data_folder: DataFolder, named_queries: dict[str, NamedQuery], shared: Path
) -> None:
    """With the two articles that bundled figures rest on."""
    files = sorted((shared / "extraction" / "articles").glob("*.txt"))
    with serve(data_folder.current, named_queries=named_queries, access=Access(anonymous="read")) as client:
        verified = {}
        for file in files:
            for document in ("cd22r", "gt25"):
                answer = post(client, f"/evidence/doc/{document}", file.read_bytes())
                verified[file.name, document] = answer["counts"]
        assert sum(set(counts) == {"unchanged"} for counts in verified.values()) == len(files)


def test_an_answer_is_kept_as_long_as_the_release(client: httpx.Client) -> None:
    tag = client.get(COUNT).headers["etag"]
    assert client.get(COUNT, headers={"if-none-match": tag}).status_code == 304
    assert client.post(COUNT, content=TEXT, headers=PLAIN).headers["cache-control"] == "no-store"
