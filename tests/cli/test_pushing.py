"""Pushing to a server as a person meets it: what is said, and what is said when it cannot be done."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ..pipeline.small_release import built, live
from ..servers import Started, free_port
from .test_commands import ENVIRONMENT, kg


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return built(tmp_path).layout.root


def test_a_push_says_what_the_server_holds(oxigraph: Started, tmp_path: Path) -> None:
    oxigraph.empty()
    folder = built(tmp_path)
    data, release = folder.layout.root, live(folder).id
    first = kg("push", oxigraph.query, "--check", data=data)
    assert f"{oxigraph.query} holds release {release}, after none" in first.stdout, first.stderr
    assert "all digests are right" in first.stderr
    again = kg("push", data=data, KG_STORE=oxigraph.query, KG_STORE_UPDATE=oxigraph.update)
    assert f"holds release {release} already" in again.stdout
    told = json.loads(kg("push", oxigraph.query, "--release", release, "--json", data=data).stdout)
    assert (told["before"], told["graphs"]) == (release, 0)
    oxigraph.empty()


def test_what_is_loaded_is_pushed_too(oxigraph: Started, data: Path, tmp_path: Path) -> None:
    oxigraph.empty()
    (tmp_path / "mine.ttl").write_text("<x:s> <x:p> 1 .", "utf-8")
    loaded = kg("load", str(tmp_path / "mine.ttl"), "--store", oxigraph.query, "--json", data=data)
    assert json.loads(loaded.stdout)["store"]["graphs"] > 0, loaded.stderr
    oxigraph.empty()


def test_a_build_that_cannot_be_pushed_says_where_it_is(data: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.ttl").write_text("<x:s> <x:p> 1 .", "utf-8")
    url = f"http://127.0.0.1:{free_port()}/sparql"
    loaded = kg("load", str(tmp_path / "mine.ttl"), "--store", url, data=data)
    assert loaded.returncode == 7
    assert f"kg push {url} tries again" in loaded.stderr


WRONG = {
    "no server": (["push"], 3, "no server is named"),
    "no address": (["push", "localhost:3030"], 3, "is not the address of a SPARQL endpoint"),
    "a password": (["push", "http://me:secret@localhost/sparql"], 3, "KG_STORE_PASSWORD"),
    "an unknown release": (["push", "http://localhost/sparql", "--release", "nope"], 9, "is no release and no tag"),
    "plain and elsewhere": (["serve", "--plain", "--store", "http://localhost/sparql"], 2, "a folder of its own"),
}


@pytest.mark.parametrize(("arguments", "code", "text"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said(arguments: list[str], code: int, text: str, data: Path) -> None:
    done = kg(*arguments, data=data)
    assert (done.returncode, text in done.stderr, "secret" in done.stderr) == (code, True, False), done.stderr


def test_without_the_extra_it_is_said_how_to_get_it(data: Path) -> None:
    program = "import sys; sys.modules['httpx'] = None; from kg.cli import main; main()"
    command = [sys.executable, "-c", program, "push", "http://localhost/sparql"]
    environment = {**ENVIRONMENT, "KG_DATA_DIR": str(data)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, "pip install 'kg[remote]'" in done.stderr) == (3, True), done.stderr
