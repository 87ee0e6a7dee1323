"""kg export writes what the service offers, byte for byte."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli.main import app
from kg.errors import ConfigError, NotFoundError
from kg.export.offers import Offers
from kg.store import plain
from kg.store.releases import DataFolder


def run(folder: DataFolder, *arguments: str) -> bytes:
    result = CliRunner().invoke(app, ["export", *arguments, "--data-dir", str(folder.layout.root)])
    if result.exception:
        raise result.exception
    return result.stdout_bytes


def test_a_file_is_that_of_the_shelf(data_folder: DataFolder, tmp_path: Path) -> None:
    release = data_folder.current()
    assert release
    target = tmp_path / "deep" / "policies.csv"
    run(data_folder, "tables/Policy.csv", "-o", str(target))
    offers = Offers(release)
    file = offers.shelf.find(offers.find("tables/Policy.csv").batch, "tables/Policy.csv")
    assert file
    assert target.read_bytes() == file.path.read_bytes() == run(data_folder, "tables/Policy.csv")


def test_all_files_are_written_with_checksums(data_folder: DataFolder, tmp_path: Path) -> None:
    run(data_folder, "--to", str(tmp_path))
    lines = (tmp_path / "SHA256SUMS").read_text("utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {*listed, "SHA256SUMS"}
    assert {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in listed} == listed
    assert run(data_folder, "--format", "nquads") == (tmp_path / "all.nq").read_bytes()
    assert run(data_folder) == (tmp_path / "all.trig").read_bytes()
    graph = "https://w3id.org/techtransfer/graph/source/ncste"
    turtle = run(data_folder, "--format", "turtle", "--graph", graph)
    assert turtle == (tmp_path / "graphs/source/ncste.ttl").read_bytes()


def test_what_there_is_is_listed(data_folder: DataFolder) -> None:
    assert b"tables/Observation.parquet" in run(data_folder, "--list")


def test_what_cannot_be_is_said(data_folder: DataFolder, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="kg export --list"):
        run(data_folder, "tables/Nothing.csv")
    with pytest.raises(ConfigError, match="one of"):
        run(data_folder, "all.nq", "--list")
    with pytest.raises(ConfigError, match="cannot write"):
        run(data_folder, "all.nq", "-o", "/dev/null/file")


def test_a_plain_folder_is_written_as_rdf_and_has_no_files(tmp_path: Path) -> None:
    folder = DataFolder.open(tmp_path / "data", create=True)
    plain.opened(folder, tool="test")
    assert run(folder, "--format", "nquads") == b""
    with pytest.raises(NotFoundError, match="segments"):
        run(folder, "--list")
