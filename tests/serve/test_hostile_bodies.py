"""Whatever is sent as RDF is stored, or refused by a 4xx; what was refused leaves the release as it was."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import httpx
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.serve.access import Access
from kg.serve.writing.writer import Site
from kg.store import plain
from kg.store.releases import DataFolder

Serve = Callable[..., AbstractContextManager[httpx.Client]]

TURTLE, TRIG, TRIPLES, QUADS, JSON, XML = SYNTAXES = (
    "text/turtle",
    "application/trig",
    "application/n-triples",
    "application/n-quads",
    "application/ld+json",
    "application/rdf+xml",
)
PLACE = "/data?graph=http://example.org/graph"
GOOD = '<http://example.org/s> <http://example.org/p> "o"@en , _:b . _:b a <http://example.org/C> .'
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://example.org/">'
DEEP = 20_000


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[httpx.Client]:
    folder = DataFolder.open(tmp_path_factory.mktemp("hostile") / "data", create=True)
    plain.opened(folder, tool="test")
    site = Site(root=folder.layout.root, plain=True)
    access = Access(anonymous="write")
    with serve(folder.current, named_queries={}, site=site, access=access, workers=1, kept=0) as client:
        client.timeout = httpx.Timeout(180)
        yield client


def xml(content: str, entities: str = "") -> str:
    kind = f"<!DOCTYPE r [{entities}]>" if entities else ""
    subject = '<rdf:Description rdf:about="http://example.org/s">'
    return f'<?xml version="1.0"?>{kind}{RDF}{subject}{content}</rdf:Description></rdf:RDF>'


def laughs(levels: int) -> str:
    first = '<!ENTITY l0 "ha">'
    return first + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels))


@dataclass(frozen=True)
class Case:
    """A body and what it is said to be; ``says`` stands in the error."""

    name: str
    media_type: str
    body: str | bytes
    says: str = ""
    status: int = 400


TRIPLE = "<http://example.org/s> <http://example.org/p>"
CASES = [
    *(Case(f"bytes that are no UTF-8, {kind}", kind, b'<a:s> <a:p> "\xff\xfe" .') for kind in SYNTAXES),
    Case("broken UTF-8 in a literal of RDF/XML", XML, xml("<p>\xff</p>").encode("latin-1")),
    Case("broken UTF-8 in a string of JSON-LD", JSON, b'{"@id": "http://a/s", "http://a/p": "\xff"}'),
    Case("UTF-16", TURTLE, GOOD.encode("utf-16")),
    Case("half a surrogate pair", TURTLE, f'{TRIPLE} "\\uD800" .'),
    Case("a space in an IRI, escaped", TURTLE, "<http://example.org/\\u0020> a <http://example.org/C> ."),
    Case("a relative IRI where there are none", TRIPLES, '<s> <http://example.org/p> "o" .', "IRI"),
    Case("a base that is none", TURTLE, f"@base <http://[> . {GOOD}"),
    Case("a predicate without a namespace", TURTLE, "<a:s> x:p 1 ."),
    Case("Turtle said to be RDF/XML", XML, GOOD),
    Case("Turtle said to be JSON-LD", JSON, GOOD),
    Case("Turtle said to be N-Triples", TRIPLES, "@prefix a: <http://a/> . a:s a a:C ."),
    Case("RDF/XML said to be Turtle", TURTLE, xml("<p>x</p>")),
    Case("rules of N3", TURTLE, f"{{ {TRIPLE} 1 }} => {{ {TRIPLE} 2 }} ."),
    Case("a graph that has no name", TRIG, f"_:g {{ {TRIPLE} 1 }}", "names the graph"),
    Case("another graph in JSON-LD", JSON, '{"@id": "http://a/g", "@graph": {"http://a/p": "o"}}'),
    Case("a context that lies elsewhere", JSON, '{"@context": "http://127.0.0.1:9/c", "p": 1}', "not fetched"),
    Case("a context in a context, elsewhere", JSON, '{"@context": {"@import": "http://127.0.0.1:9/c"}, "p": 1}'),
    Case("an entity in a file", XML, xml("<p>&x;</p>", '<!ENTITY x SYSTEM "file:///etc/passwd">')),
    Case("an entity elsewhere", XML, xml("<p>&x;</p>", '<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;')),
    Case("an entity of itself", XML, xml("<p>&x;</p>", '<!ENTITY x "&x;">')),
    Case("a billion laughs", XML, xml("<p>&l11;</p>", laughs(12))),
    Case("arrays without end", JSON, "[" * 1_000_000),
    Case("objects without end", JSON, '{"http://example.org/p":' * 100_000),
    Case("brackets without end", TURTLE, f"{TRIPLE} {'[ <http://example.org/p> ' * DEEP}"),
    Case("RDF/XML that was cut off behind an element", XML, xml("<p>x</p>").removesuffix("</rdf:RDF>"), "XML"),
    Case("elements without end", XML, RDF + "<rdf:Description><p>" * (DEEP // 10)),
    Case("terms in terms", TURTLE, f"{TRIPLE} {f'<<( {TRIPLE} ' * DEEP}1{')>>' * DEEP} .", status=413),
    Case("a text of more than fits", TURTLE, f'{TRIPLE} "{"x" * (90 << 20)}" .', status=413),
]  # fmt: skip


def state(client: httpx.Client) -> str:
    return str(client.get("/health").json()["release"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_body_is_refused_and_changes_nothing(client: httpx.Client, case: Case) -> None:
    before = state(client)
    response = client.put(PLACE, content=case.body, headers={"content-type": case.media_type})
    assert response.status_code == case.status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert case.says in response.json()["detail"]
    assert state(client) == before
    assert "/tmp" not in response.text


@pytest.mark.parametrize("depth", [DEEP])
def test_what_is_deep_and_yet_whole_is_stored(client: httpx.Client, depth: int) -> None:
    content = f"{TRIPLE} {'[ <http://example.org/p> ' * depth} 1 {']' * depth} ."
    assert client.put("/data?graph=urn:x:deep", content=content, headers={"content-type": TURTLE}).status_code == 201
    answer = client.get("/data?graph=urn:x:deep", headers={"accept": TRIPLES})
    assert answer.text.count("\n") == depth + 1
    assert client.delete("/data?graph=urn:x:deep").status_code == 204


def document(syntax: str) -> bytes:
    triples = [quad.triple for quad in ox.parse(GOOD, format=ox.RdfFormat.TURTLE)]
    return ox.serialize(triples, format=ox.RdfFormat.from_media_type(syntax)) or b""


WORDS = {
    TURTLE: ["<http://a/b>", "a", '"x"', "@en", "^^", "_:b", "[", "]", "(", ")", ";", ",", ".", "<<(", ")>>", "@prefix",
             "a:", "1e0", "true", "'''", "{|", "|}", "\\u0041"],
    XML: ["<p>", "</p>", "<rdf:li>", "</rdf:li>", "&lt;", "&x;", "<!--", "-->", "<![CDATA[", "]]>",
          'rdf:parseType="Literal"', "<rdf:Description/>", "<?x?>", "x", "rdf:ID='a'", "<b xmlns:c=''>", "</b>"],
    JSON: ["{", "}", "[", "]", ",", ":", '"@id"', '"@type"', '"@value"', '"@graph"', '"@context"', '"@list"',
           '"@reverse"', '"http://a/b"', '"_:b"', "null", "true", "1", "1e400", '"@none"', '"@version"', "1.1"],
}  # fmt: skip
WORDS |= {TRIG: [*WORDS[TURTLE], "{", "}", "GRAPH"], TRIPLES: WORDS[TURTLE], QUADS: WORDS[TURTLE]}


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, bytes]:
    """A syntax, and a document of it that has been cut, spoilt or made of its words; or no document at all."""
    syntax = draw(st.sampled_from(SYNTAXES))
    kind = draw(st.sampled_from(["cut", "spoilt", "words", "bytes"]))
    whole = document(syntax)
    place = draw(st.integers(0, len(whole)))
    if kind == "cut":
        return syntax, whole[:place]
    if kind == "spoilt":
        return syntax, whole[:place] + draw(st.binary(min_size=1, max_size=8)) + whole[place:]
    if kind == "bytes":
        return syntax, draw(st.binary(max_size=64))
    words = " ".join(draw(st.lists(st.sampled_from(WORDS[syntax]), max_size=30)))
    return syntax, (xml(words) if syntax == XML else words).encode()


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(sent=bodies(), packed=st.booleans())
def test_any_body_is_stored_or_refused(client: httpx.Client, sent: tuple[str, bytes], packed: bool) -> None:
    syntax, body = sent
    headers = {"content-type": syntax, **({"content-encoding": "gzip"} if packed else {})}
    before = state(client)
    response = client.put(PLACE, content=gzip.compress(body) if packed else body, headers=headers)
    if response.status_code in (200, 201):
        assert state(client) != before
    else:
        assert (response.status_code, response.json()["code"]) == (400, "body"), (sent, response.text)
        assert state(client) == before
