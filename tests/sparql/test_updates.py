"""Update requests cut into operations: what each is, and which graphs it says that it writes."""

from __future__ import annotations

import socket

import pytest

from kg.errors import QueryError, QuerySyntaxError
from kg.sparql.operations import Operation
from kg.sparql.updates import has_keyword, read, with_dataset

BASE = "http://example.org/"
PREFIX = f"PREFIX e: <{BASE}>\n"


def short(operation: Operation) -> str:
    """The kind, and what is written, without the base."""
    return " ".join([operation.kind, *(name.removeprefix(BASE) for name in (*operation.targets, *operation.variables))])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("# nothing\n", []),
        (PREFIX, []),
        ("INSERT DATA {}", ["INSERT DATA"]),
        ("INSERT DATA { <a> <b> 1 }", ["INSERT DATA DEFAULT"]),
        ("INSERT DATA { GRAPH <g> { <a> <b> 1 } }", ["INSERT DATA g"]),
        ("INSERT DATA { GRAPH <g> { <a> <b> 1 } . <a> <b> 2 }", ["INSERT DATA DEFAULT g"]),
        ("insert data { graph <g> { <a> <b> 1 } graph <h> { } };", ["INSERT DATA g h"]),
        ("DELETE DATA { GRAPH e:g { <a> e:b.c 1 } }", ["DELETE DATA g"]),
        ("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }", ["DELETE WHERE ?g"]),
        ("DELETE WHERE { ?s ?p ?o . GRAPH <g> { ?s ?p ?o } }", ["DELETE WHERE DEFAULT g"]),
        ("DELETE { ?s ?p ?o } INSERT { GRAPH $g { ?s ?p ?o } } WHERE { GRAPH $g { ?s ?p ?o } }", ["MODIFY DEFAULT ?g"]),
        ("WITH <g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o GRAPH <h> { ?s ?p ?o } }", ["MODIFY g"]),
        ("WITH <g> INSERT { GRAPH <h> { ?s ?p ?o } } WHERE { ?s ?p ?o }", ["MODIFY h"]),
        ("INSERT { GRAPH <g> { ?s ?p ?o } } USING <h> USING NAMED <i> WHERE { ?s ?p ?o }", ["MODIFY g"]),
        ("INSERT { GRAPH <g> { ?s ?p '} WHERE { GRAPH <h>' } } WHERE { ?s ?p ?o }", ["MODIFY g"]),
        ('INSERT DATA { GRAPH <g> { <a> <b> """x " ; DROP ALL """ } } # ; DROP ALL', ["INSERT DATA g"]),
        ("INSERT DATA { GRAPH <g> { <a#;> <b> <\\u0063#d> } GRAPH <h> { <a> <b> 1 } }", ["INSERT DATA g h"]),
        ("INSERT DATA { GRAPH <\\u0067> { <a> <b> 1 } }", ["INSERT DATA g"]),
        ("CLEAR ALL; CLEAR SILENT NAMED", ["CLEAR ALL", "CLEAR NAMED"]),
        ("DROP DEFAULT; drop silent graph <g>", ["DROP DEFAULT", "DROP g"]),
        ("CREATE GRAPH <g>; CREATE SILENT GRAPH e:h", ["CREATE g", "CREATE h"]),
        ("COPY <g> TO <h>; ADD DEFAULT TO GRAPH <i>", ["COPY h", "ADD i"]),
        ("MOVE SILENT GRAPH <g> TO DEFAULT", ["MOVE g DEFAULT"]),
        ("LOAD <d>; LOAD SILENT <d> INTO GRAPH e:g", ["LOAD DEFAULT", "LOAD g"]),
        ("BASE <http://example.org/x/> INSERT DATA { GRAPH <g> { <a> <b> 1 } }", ["INSERT DATA x/g"]),
        ("CLEAR DEFAULT; PREFIX e: <http://example.org/y/> CREATE GRAPH e:g", ["CLEAR DEFAULT", "CREATE y/g"]),
    ],
)
def test_the_operations_of_a_request(text: str, expected: list[str]) -> None:
    declared = "" if text.startswith(("BASE", "PREFIX")) or "PREFIX" in text else PREFIX
    assert [short(operation) for operation in read(declared + text, BASE)] == expected


def test_a_load_tells_its_document() -> None:
    loud, silent = read("LOAD <http://e/d>; LOAD SILENT <http://e/d> INTO GRAPH <http://e/g>")
    assert (loud.document, loud.silent, silent.document, silent.silent) == ("http://e/d", False, "http://e/d", True)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DAT { <a> <b> 1 }",
        "INSERT DATA { ?s <b> 1 }",
        "SELECT * { ?s ?p ?o }",
        "INSERT DATA { <a> <b> _:x } ; INSERT DATA { <a> <b> _:x }",
        "CLEAR ALL ; PREFIX e: <http://e/> INSERT DATA { <a> <b> _:x } ; INSERT DATA { <a> <b> _:x }",
        "CLEAR ALL ; PREFIX e: <http://e/> INSERT DAT {}",
        "CLEAR ALL } ; DROP ALL",
        "DELETE { ?s ?p ?o } WHERE { FILTER(?s<?p#>) } ; DROP GRAPH <g> ",
    ],
)
def test_what_is_no_update_is_refused(text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        read(text, BASE)


def test_reading_a_request_reaches_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        read(f"LOAD <{address}>; INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{address}> {{ ?s ?p ?o }} }}")
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://e/> { ?s ?p ?o } }", True),
        ("INSERT DATA { <service> <b> 'SERVICE' } # SERVICE", False),
        ("INSERT { ?service ?p ?o } WHERE { ?service ?p ?o FILTER(?p<?o) }", False),
        ("INSERT { ?a ?p ?o } WHERE { ?a ?p ?o FILTER(?a<?p)SERVICE<http://e/#>{?s ?p ?o} }", True),
    ],
)
def test_keywords_are_told_from_what_looks_like_them(text: str, found: bool) -> None:
    assert has_keyword(read(text, BASE), "SERVICE", BASE) is found


def test_the_dataset_of_the_protocol_is_put_in() -> None:
    text = "DELETE WHERE { ?s ?p ?o }; INSERT DATA { <a> <b> 1 }; INSERT { <a> <b> ?o } WHERE { ?s ?p ?o }"
    first, second, third = with_dataset(read(text, BASE), ["http://e/a"], ["http://e/b"], BASE)
    using = "USING <http://e/a> USING NAMED <http://e/b> WHERE { ?s ?p ?o }"
    assert first.text == f"DELETE {{ ?s ?p ?o }} {using}"
    assert second.text == "INSERT DATA { <a> <b> 1 }"
    assert third.text == f"INSERT {{ <a> <b> ?o }} {using}"


@pytest.mark.parametrize(
    "text",
    [
        "WITH <g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } USING <g> WHERE { ?s ?p ?o }",
        "CLEAR ALL; DELETE { ?s ?p ?o } USING NAMED <g> WHERE { GRAPH <g> { ?s ?p ?o } }",
    ],
)
def test_a_request_has_one_dataset(text: str) -> None:
    with pytest.raises(QueryError, match="using-graph-uri"):
        with_dataset(read(text, BASE), ["http://e/a"], [], BASE)


def test_the_name_of_a_graph_is_an_iri() -> None:
    with pytest.raises(QueryError, match="absolute IRI"):
        with_dataset(read("CLEAR ALL"), ["not an IRI> WHERE {} ; DROP ALL #"], [])
