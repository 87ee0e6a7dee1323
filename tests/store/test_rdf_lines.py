"""The lines in which the nodes of RDF files are first spoken of."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from kg.store.rdf_files import RdfFile
from kg.store.rdf_lines import lines

EX = "http://example.org/"
TURTLE = f"""@prefix ex: <{EX}> .
# ex:b is spoken of below
ex:a ex:knows ex:b ;
  ex:says \"\"\"two
lines\"\"\" .
ex:b ex:knows ex:a . ex:c ex:knows ex:a .
ex:a ex:knows ex:c .
"""
EXPECTED = {f"{EX}a": 3, f"{EX}b": 6, f"{EX}c": 6}
WANTED = [*EXPECTED, f"{EX}knows", f"{EX}nowhere"]


def file(content: str | bytes | Path, format: str | None = "ttl") -> RdfFile:
    return RdfFile(content.encode() if isinstance(content, str) else content, f"{EX}graph", format)


def test_the_first_statement_counts_and_an_object_is_not_spoken_of(tmp_path: Path) -> None:
    assert lines(file(TURTLE), WANTED) == EXPECTED
    assert lines(file(TURTLE.replace("\n", "\r\n")), WANTED) == EXPECTED
    packed = tmp_path / "data.ttl.gz"
    packed.write_bytes(gzip.compress(TURTLE.encode()))
    assert lines(file(packed, None), WANTED) == EXPECTED
    assert lines(file(f'<{EX}a> <{EX}p> "x" .\n\n<{EX}b> <{EX}p> "x" <{EX}g> .', "nq"), WANTED) == {
        f"{EX}a": 1,
        f"{EX}b": 3,
    }


@pytest.mark.parametrize(
    ("content", "format"),
    [(f'{{"@id": "{EX}a", "{EX}p": 1}}', "jsonld"), ("is no Turtle", "ttl"), (Path("nowhere.ttl"), None)],
    ids=["no lines", "broken since", "gone since"],
)
def test_where_no_line_can_be_told_there_is_none(content: str | Path, format: str | None) -> None:
    assert lines(file(content, format), WANTED) == {}


def test_only_the_beginning_of_a_large_file_is_read() -> None:
    text = "".join(f"<{EX}n{n}> <{EX}p> 'x' .\n" for n in range(100))
    assert lines(file(text), [f"{EX}n2", f"{EX}n99"], furthest_bytes=1000) == {f"{EX}n2": 3}
    assert lines(file(text), [f"{EX}n99"]) == {f"{EX}n99": 100}
