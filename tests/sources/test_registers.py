"""The registers that are shipped without their files: each read from a small download of the same layout.

``registers/<source>`` holds the files, made up or a few rows as published, and ``expected.nq`` what they become. Where
a change is meant, ``python -m tests.sources.test_registers`` writes the expected lines anew; read the difference.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import iris, pipeline
from kg.errors import SourceFormatError, SourceUnavailableError
from kg.sources import register
from kg.sources.base import Source
from kg.vocabulary import PROV, RDF, TT

FOLDER = Path(__file__).parent / "registers"
REGISTERS = [source for source in register.discover() if source.download]
BUDGET = {"TransferAgreement": 9, "Collaboration": 10, "Participation": 7, "Organization": 12, "Observation": 20}
"""Triples a record, evidence included (and of an observation the cell, which derivation adds)."""
each_register = pytest.mark.parametrize("source", REGISTERS, ids=lambda source: source.name)


def lines(source: Source) -> list[str]:
    """What a register becomes, in order."""
    (item,) = pipeline.from_sources([source.fetched(FOLDER / source.name)])
    return sorted(set(b"".join(item.produce().blocks).decode().splitlines()))


@each_register
def test_a_download_becomes_these_quads(source: Source) -> None:
    assert lines(source) == (FOLDER / source.name / "expected.nq").read_text("utf-8").splitlines()


@each_register
def test_rows_stand_in_a_graph_of_their_own(source: Source) -> None:
    quads = list(ox.parse("\n".join(lines(source)), format=ox.RdfFormat.N_QUADS))
    rows = [quad for quad in quads if quad.graph_name.value == iris.rows_graph(source.graph)]
    assert {quad.predicate.value for quad in rows} <= {TT.evidence, PROV.wasDerivedFrom}
    assert rows
    documents = {quad.subject.value for quad in quads if quad.predicate.value == TT.contentDigest}
    assert {quad.object.value.partition("#row=")[0] for quad in rows} <= documents


@each_register
def test_records_keep_to_their_budget(source: Source) -> None:
    quads = list(ox.parse("\n".join(lines(source)), format=ox.RdfFormat.N_QUADS))
    classes = {quad.subject: iris.local(quad.object.value) for quad in quads if quad.predicate.value == RDF.type}
    parts = TT.hasParticipation  # what leads to a part counts as the part's
    triples = Counter(quad.object if quad.predicate.value == parts else quad.subject for quad in quads)
    for name, most in BUDGET.items():
        records = [triples[subject] for subject, kind in classes.items() if kind == name]
        assert sum(records) <= most * len(records), name


@each_register
def test_documents_are_those_that_were_downloaded(source: Source) -> None:
    digests = {
        hashlib.sha256(path.read_bytes()).hexdigest() for path in source.fetched(FOLDER / source.name).downloads()
    }
    stated = {quad.object.value for quad in ox.parse("\n".join(lines(source)), format=ox.RdfFormat.N_QUADS)}
    assert digests & stated


@each_register
def test_without_its_files_a_register_is_left_out(source: Source, tmp_path: Path) -> None:
    for absent in (source, source.fetched(tmp_path)):
        assert not absent.ready
        assert pipeline.from_sources([absent]) == []
        with pytest.raises(SourceUnavailableError, match=f"^source {source.name} is not downloaded: it reads "):
            absent.complete()


def made(folder: Path, download: str) -> Source:
    (folder / "mine" / "tables").mkdir(parents=True)
    text = f'title = "Mine"\npublisher = "Me"\nlicence = "CC0-1.0"\n[download]\n{download}'
    (folder / "mine" / "source.toml").write_text(text, "utf-8")
    (folder / "mine" / "tables" / "csv-metadata.json").write_text('{"tables": []}', "utf-8")
    return register.find("mine", [folder])


@pytest.mark.parametrize(
    ("download", "message"),
    [
        ('files = {"a.csv" = "a"}', "from: expected the address"),
        ('from = "x"', "names no file"),
        ('from = "x"\nfiles = {"../a.csv" = "a"}', "expected the name of a file, no path"),
        ('from = "x"\nfiles = {"a.csv" = "A key"}', "expected the key of a document"),
        ('from = "x"\nfiles = {"*.csv" = "a"}', "only a source with a read.py may leave open what a file is called"),
        ('from = "x"\nfile = "a.csv"', "unknown key file; known: files, from, optional"),
    ],
)
def test_what_is_wrong_with_a_download_is_named(tmp_path: Path, download: str, message: str) -> None:
    with pytest.raises(SourceFormatError, match=rf"^mine/source\.toml: .*{message}"):
        made(tmp_path, download)


def test_code_in_a_source_must_have_the_one_function(tmp_path: Path) -> None:
    source = made(tmp_path, 'from = "x"\nfiles = {"a.csv" = ""}')
    (tmp_path / "a.csv").write_text("", "utf-8")
    (source.folder / "read.py").write_text("", "utf-8")
    (item,) = pipeline.from_sources([source.fetched(tmp_path)])
    with pytest.raises(SourceFormatError, match=r"^mine/read\.py: has no function read\(downloaded, tables\)"):
        item.produce()


if __name__ == "__main__":
    for each in REGISTERS:
        (FOLDER / each.name / "expected.nq").write_text("".join(f"{line}\n" for line in lines(each)), "utf-8")
