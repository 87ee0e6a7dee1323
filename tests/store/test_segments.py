"""Segments: sorted, unique, named by their digest; and their differences."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import StoreError
from kg.store import segments, sorting
from kg.store.canonical import Block, canonical, parse
from kg.store.embedded import EmbeddedStore

XSD = "http://www.w3.org/2001/XMLSchema#"
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=6)


def line(text: str) -> bytes:
    return (
        str(ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.Literal(text), ox.NamedNode("x:g"))).encode() + b" .\n"
    )


LINES = st.lists(TEXTS.map(line), max_size=30)
SORTERS = [sorting.sorted_by_tool, lambda blocks, scratch: sorting.sorted_by_runs(blocks, scratch, run_bytes=200)]


@given(LINES)
def test_both_ways_of_sorting_give_the_same_bytes(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    scratch = tmp_path_factory.mktemp("sort")
    expected = b"".join(sorted(set(lines)))
    for sorter in SORTERS:
        assert b"".join(sorter(iter(lines), scratch)) == expected


def test_sorting_leaves_no_files(tmp_path: Path) -> None:
    for sorter in SORTERS:
        pieces = sorter((line(str(n)) for n in range(1000)), tmp_path)
        next(iter(pieces))
        pieces.close()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_input_passes_through(tmp_path: Path) -> None:
    def broken() -> Iterator[Block]:
        yield Block(line("a") * 50_000)
        raise StoreError("from the source")

    for sorter in SORTERS:
        with pytest.raises(StoreError, match="from the source"):
            segments.write(broken(), tmp_path, sorter=sorter)
    assert list(tmp_path.iterdir()) == []


def test_a_sort_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="sorting failed: code 1"):
        list(sorting.sorted_by_tool([line("a")] * 100_000, tmp_path, tool="false"))
    for sorter in SORTERS:
        with pytest.raises(StoreError, match=r"sorting failed: .*No such file"):
            list(sorter([line("a")], tmp_path / "missing"))


def test_a_segment_is_named_by_its_content(tmp_path: Path, quad_lines: Callable[..., list[Block]]) -> None:
    blocks = quad_lines("g", 20) + quad_lines("a", 5)
    segment = segments.write(reversed(blocks), tmp_path)
    text = b"".join(segments.read(tmp_path / segment.file_name, check=True))
    assert segment.digest == hashlib.sha256(text).hexdigest()
    assert (segment.quads, segment.size_bytes) == (25, len(text))
    assert segment.graphs == ("https://example.org/a", "https://example.org/g")
    before = (tmp_path / segment.file_name).stat()
    assert segments.write(blocks + blocks, tmp_path) == segment
    assert (tmp_path / segment.file_name).stat() == before, "an existing file is left alone"
    assert [path.name for path in tmp_path.iterdir()] == [segment.file_name]


def test_an_empty_segment_is_one(tmp_path: Path) -> None:
    segment = segments.write([], tmp_path)
    assert (segment.quads, segment.graphs) == (0, ())
    assert list(segments.read(tmp_path / segment.file_name, check=True)) == []


WRONG_LINES = [
    b"<x:s> <x:p> <x:o> .\n",
    b"<x:s> <x:p> _:b <x:g> .\n",
    b"x <x:s> <x:p> <x:o> <x:g> .\n",
    b"<x:s> <x:p> <x:o> <x:g> . x\n",
    b"<x:s <x:p> <x:o> <x:g> .\n",
    b'<x:s> <x:p> "open <x:g> .\n',
    b'<x:s> <x:p> "shut"late <x:g> .\n',
    b'<x:s> <x:p> "\\" <x:g> .\n',
    b"<x:s> <x:p> <x:o> <x:g\n",
    b"\n",
]


@pytest.mark.parametrize("wrong", WRONG_LINES)
def test_lines_that_are_not_canonical_quads_are_refused(wrong: bytes, tmp_path: Path) -> None:
    """Wherever they stand: no match may take a wrong line together with the next one."""
    for around in ("", "a", 'a" <x:g> .', "a>"):
        with pytest.raises(StoreError, match="not a canonical N-Quads line"):
            segments.write([Block(line(around) + wrong + line(f"z{around}"))], tmp_path, sorter=unsorted)


def unsorted(blocks: Iterable[Block], _: Path) -> Iterator[bytes]:
    yield from blocks


@given(st.lists(TEXTS, max_size=5), st.sampled_from(WRONG_LINES), st.integers(0, 5))
def test_all_and_only_canonical_lines_are_understood(texts: list[str], wrong: bytes, place: int) -> None:
    lines = [*map(line, texts), b'<x:s> <x:p> <<( <x:a> <x:b> "\\"" )>> <x:g> .\n', b'<x:s> <x:p> "a"@en <x:g> .\n']
    assert segments.graphs_in(b"".join(lines)) == [b"<x:g>"] * len(lines)
    with pytest.raises(StoreError):
        segments.graphs_in(b"".join([*lines[:place], wrong, *lines[place:]]))


def test_damage_is_found(tmp_path: Path, quad_lines: Callable[..., list[Block]]) -> None:
    path = tmp_path / segments.write(quad_lines("g", 50), tmp_path).file_name
    other = tmp_path / segments.write(quad_lines("g", 51), tmp_path).file_name
    path.write_bytes(other.read_bytes())
    with pytest.raises(StoreError, match="does not have the digest"):
        list(segments.read(path, check=True))
    path.write_bytes(b"\x28\xb5\x2f\xfdnonsense")
    with pytest.raises(StoreError, match="is damaged"):
        list(segments.read(path))
    path.unlink()
    with pytest.raises(StoreError, match="is missing"):
        list(segments.read(path))


def test_a_chain_is_the_concatenation(tmp_path: Path, quad_lines: Callable[..., list[Block]]) -> None:
    parts = [segments.write(quad_lines("g", count), tmp_path) for count in (3, 0, 400)]
    paths = [tmp_path / part.file_name for part in parts]
    assert segments.chained(paths).read() == b"".join(text for path in paths for text in segments.read(path))


def applied(old: Iterable[bytes], new: Iterable[bytes]) -> set[bytes]:
    result = set(old)
    for sign, text in segments.difference(sorted(set(old)), sorted(set(new))):
        (result.add if sign == "+" else result.remove)(text)
    return result


@given(LINES, LINES)
def test_a_difference_applied_to_the_old_gives_the_new(old: list[bytes], new: list[bytes]) -> None:
    assert applied(old, new) == set(new)
    changes = [text for _, text in segments.difference(sorted(set(old)), sorted(set(new)))]
    assert changes == sorted(set(old) ^ set(new)), "sorted, and nothing that both have"


def integers(*values: str) -> str:
    return "".join(f'<x:s> <x:p> "{value}"^^<{XSD}integer> <x:g> .\n' for value in values)


NAMELESS = "<x:s> <x:part> _:a <x:g> .\n_:a <x:n> _:b <x:g> .\n_:b <x:v> {value} <x:g> .\n"
VERSIONS = [
    integers("01", "1", "2"),
    integers("1", "3"),
    integers("2"),
    NAMELESS.format(value='"x"') + integers("007"),
    NAMELESS.format(value=f'"01"^^<{XSD}integer>') + NAMELESS.format(value='"y"').replace("_:", "_:other"),
    NAMELESS.format(value=f'"1"^^<{XSD}integer>'),
    "",
]


def test_differences_with_blank_nodes_and_two_forms_of_a_number_can_be_applied(tmp_path: Path) -> None:
    """In Oxigraph "01" and "1" are one triple, and a blank node has another name after each load."""
    database = EmbeddedStore.in_memory()
    before: list[bytes] = []
    for version in VERSIONS + VERSIONS[::-1] + VERSIONS[::2]:
        segment = segments.write(canonical(ox.parse(version, format=ox.RdfFormat.N_QUADS)), tmp_path)
        after = list(segments.read(tmp_path / segment.file_name))
        changes = list(segments.difference(before, after))
        added, removed = ([text for sign, text in changes if sign == kind] for kind in "+-")
        database.apply(parse(added), parse(removed))
        assert sorted(str(database.database).encode().splitlines(keepends=True)) == after
        before = after
