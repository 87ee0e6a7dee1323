"""RDF files from outside: syntaxes, packing, messages, and what hostile ones are kept from doing."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
import zstandard

from kg.errors import SourceError, SourceFormatError, SourceUnavailableError
from kg.store.rdf_files import FORMATS, RdfFile
from kg.store.reading import Limits, read_rdf

GRAPH = "https://example.org/graph/g"
TRIPLE = "<https://example.org/s> <https://example.org/p> <https://example.org/o>"
LINE = f"{TRIPLE} <{GRAPH}> .\n".encode()
RDF_XML = """<?xml version="1.0"?>{doctype}
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="https://example.org/">
  <rdf:Description rdf:about="https://example.org/s">{content}</rdf:Description>
</rdf:RDF>"""
TEXTS = {
    "ttl": f"{TRIPLE} .",
    "nt": f"{TRIPLE} .",
    "nq": f"{TRIPLE} .",
    "trig": f"{TRIPLE} .",
    "jsonld": '{"@id": "https://example.org/s", "https://example.org/p": {"@id": "https://example.org/o"}}',
    "rdf": RDF_XML.format(doctype="", content='<x:p rdf:resource="https://example.org/o"/>'),
}


def text(*files: RdfFile, limits: Limits | None = None) -> bytes:
    return b"".join(read_rdf(files, limits=limits))


@pytest.mark.parametrize("extension", FORMATS)
def test_every_format_by_its_extension(extension: str, tmp_path: Path) -> None:
    same = {"json": "jsonld", "owl": "rdf", "xml": "rdf"}.get(extension, extension)
    path = tmp_path / f"file.{extension}"
    path.write_text(TEXTS[same], encoding="utf-8")
    assert text(RdfFile(path, GRAPH)) == LINE


@pytest.mark.parametrize("limits", [None, Limits()], ids=["here", "confined"])
def test_in_this_process_and_in_another(limits: Limits | None) -> None:
    files = [
        RdfFile(TEXTS["ttl"].encode(), GRAPH, format="text/turtle"),
        RdfFile(b"<s> <p> [ <q> 01 ] .", GRAPH, "ttl"),
    ]
    blocks = text(*files, limits=limits)
    assert blocks.startswith(LINE)
    assert blocks.count(b"genid") == 2
    assert b'"1"^^<http://www.w3.org/2001/XMLSchema#integer>' in blocks


def test_large_files_come_in_blocks() -> None:
    many = "".join(f"<x:{n}> <x:p> <x:o> .\n" for n in range(25_000)).encode()
    blocks = list(read_rdf([RdfFile(many, GRAPH, "nt")]))
    assert len(blocks) > 2
    assert b"".join(blocks).count(b"\n") == 25_000


def test_a_consumer_may_stop_early() -> None:
    blocks = read_rdf([RdfFile(b"<x:s> <x:p> <x:o> .\n" * 50_000, GRAPH, "nt")])
    assert next(blocks)
    blocks.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
@pytest.mark.parametrize("name", ["a.ttl.gz", "a.ttl.zst", "a.ttl"])
def test_packed_files_are_recognised_by_their_content(
    pack: Callable[[bytes], bytes], name: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(pack(b"\xef\xbb\xbf" + TEXTS["ttl"].encode()))
    assert text(RdfFile(tmp_path / name, GRAPH)) == LINE


def test_named_graphs_of_a_file_are_kept_and_relative_iris_resolved() -> None:
    trig = b"<#s> <#p> <#o> . GRAPH <x:own> { <x:s> <x:p> <x:o> }"
    assert text(RdfFile(trig, GRAPH, "trig")).splitlines() == [
        b"<x:s> <x:p> <x:o> <x:own> .",
        f"<{GRAPH}#s> <{GRAPH}#p> <{GRAPH}#o> <{GRAPH}> .".encode(),
    ]


@pytest.mark.parametrize("graph", ["a b", "", "relative", "x:<y>"])
def test_a_graph_is_named_by_an_iri(graph: str) -> None:
    with pytest.raises(SourceFormatError, match=r"^claims: .* cannot name a graph: give an IRI such as"):
        RdfFile(b"", graph, "ttl", name="claims")


def test_equal_labels_in_two_files_are_two_nodes() -> None:
    files = [RdfFile(f'_:a <x:p> "{n}" .'.encode(), GRAPH, "nt") for n in range(2)]
    assert len({line.split()[0] for line in text(*files).splitlines()}) == 2


@pytest.mark.parametrize("limits", [None, Limits()], ids=["here", "confined"])
@pytest.mark.parametrize(
    ("syntax", "content", "line"),
    [
        ("ttl", b"<a> <b> <c> .\n<a> <b> .\n", 2),
        ("nq", b"<a:a> <b:b> <c:c> .\n\n<a:a> <b b> <c:c> .\n", 3),
        ("jsonld", b'{"@id":\n\n "x:s" ', 3),
        ("rdf", b"<rdf:RDF>", None),
        ("ttl", b'<x:s> <x:p> "\xff" .', 1),
    ],
)
def test_syntax_errors_have_file_and_line(syntax: str, content: bytes, line: int | None, limits: Limits | None) -> None:
    with pytest.raises(SourceFormatError) as caught:
        text(RdfFile(content, GRAPH, syntax, name="claims"), limits=limits)
    assert (caught.value.file, caught.value.line) == ("claims", line)
    assert str(caught.value).startswith("claims, line" if line else "claims: ")


@pytest.mark.parametrize("name", ["a.n3", "a", "a.csv", "a.csv.gz"])
def test_unknown_formats_are_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(TEXTS["ttl"], encoding="utf-8")
    with pytest.raises(SourceFormatError, match="is not a known RDF format; give one of ttl, nt"):
        text(RdfFile(tmp_path / name, GRAPH))


@pytest.mark.parametrize("limits", [None, Limits()], ids=["here", "confined"])
def test_files_that_are_not_there_are_named(limits: Limits | None, tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match=r"missing\.ttl: no such file"):
        text(RdfFile(tmp_path / "missing.ttl", GRAPH), limits=limits)
    with pytest.raises(SourceUnavailableError, match="cannot be read"):
        text(RdfFile(tmp_path, GRAPH, "ttl"), limits=limits)


def test_damaged_packing_is_a_fault_of_the_file() -> None:
    with pytest.raises(SourceFormatError, match="damaged"):
        text(RdfFile(gzip.compress(TEXTS["ttl"].encode() * 100)[:60], GRAPH, "ttl"))


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"# nothing\n" * 7_000_000)
    with pytest.raises(SourceError, match="unpacks to more than 67,108,864 bytes"):
        text(RdfFile(bomb, GRAPH, "ttl"))


NOWHERE = "http://127.0.0.1:9/context.jsonld"


@pytest.mark.parametrize(
    "context", [f'"{NOWHERE}"', '"file:///etc/hostname"', f'{{"@version": 1.1, "@import": "{NOWHERE}"}}']
)
def test_json_ld_contexts_are_never_fetched(context: str) -> None:
    document = f'{{"@context": {context}, "@id": "x:s", "name": "x"}}'
    with pytest.raises(SourceFormatError, match="remote contexts are not fetched; write the context into the file"):
        text(RdfFile(document.encode(), GRAPH, "jsonld"))


def test_external_xml_entities_are_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden", encoding="utf-8")
    doctype = f'<!DOCTYPE r [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    with pytest.raises(SourceFormatError):
        text(RdfFile(RDF_XML.format(doctype=doctype, content="<x:p>&e;</x:p>").encode(), GRAPH, "rdf"))
    external = f'<!DOCTYPE r SYSTEM "{NOWHERE}">'
    assert (
        text(
            RdfFile(
                RDF_XML.format(doctype=external, content='<x:p rdf:resource="https://example.org/o"/>').encode(),
                GRAPH,
                "rdf",
            )
        )
        == LINE
    )


def test_entities_that_expand_without_end_are_stopped() -> None:
    entities = "".join(
        f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    bomb = RDF_XML.format(doctype=f'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">{entities}]>', content="<x:p>&j;</x:p>")
    with pytest.raises(SourceFormatError, match=r"line \d: .* amplification"):
        text(RdfFile(bomb.encode(), GRAPH, "rdf"))


def test_what_takes_too_much_memory_is_given_up(tmp_path: Path) -> None:
    long = tmp_path / "long.nt"
    long.write_text(f'<x:s> <x:p> "{"x" * (64 << 20)}" .\n', encoding="utf-8")
    with pytest.raises(SourceError, match=r"memory|MB"):
        text(RdfFile(long, GRAPH), limits=Limits(memory_bytes=256 << 20))


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        (RDF_XML.format(doctype="", content="<x:p>o</x:p>").partition("</x:p>")[0], "no element found|unclosed"),
        (RDF_XML.format(doctype="", content="<x:p>o</x:p>").removesuffix("</rdf:RDF>"), "no element found|unclosed"),
        (RDF_XML.format(doctype="", content="<x:p>&o;</x:p>"), "undefined entity"),
        ("", "no element found"),
    ],
)
def test_xml_that_is_not_whole_is_refused(document: str, complaint: str) -> None:
    """Oxigraph takes what has come so far for all there is."""
    with pytest.raises(SourceFormatError, match=f"this is not XML: ({complaint})"):
        text(RdfFile(document.encode(), GRAPH, "rdf"))


def test_blank_nodes_that_cannot_be_told_apart_are_given_up() -> None:
    """Nine, each linked to all others: 119 CPU seconds without a limit."""
    linked = "".join(f"_:b{a} <x:p> _:b{b} .\n" for a, b in permutations(range(9), 2))
    with pytest.raises(SourceError, match=r"blank nodes are linked in circles.*give them IRIs"):
        text(RdfFile(linked.encode(), GRAPH, "nt"), limits=Limits(stall_seconds=0.5))
