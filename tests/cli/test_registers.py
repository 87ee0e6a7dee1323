"""Registers at the command line: which are there, built from a folder, kept without it, taken out again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli.main import app
from kg.errors import ConfigError, NotFoundError, SourceUnavailableError

DOWNLOADS = Path(__file__).parents[1] / "sources" / "registers"


def kg(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def raises(error: type[Exception], match: str, *arguments: str) -> None:
    with pytest.raises(error, match=match):
        CliRunner().invoke(app, arguments, catch_exceptions=False)


def states(*arguments: str) -> dict[str, str]:
    return {item["name"]: item["state"] for item in json.loads(kg("sources", "--json", *arguments))}


def test_sources_say_what_is_downloaded(tmp_path: Path) -> None:
    assert states()["contracts"] == "not downloaded"
    assert states("--downloads", str(tmp_path))["contracts"] == "not downloaded"
    assert states("--downloads", str(DOWNLOADS))["contracts"] == "downloaded"
    assert states()["ncste"] == "bundled"


def test_a_register_comes_stays_and_goes(tmp_path: Path) -> None:
    data = ["--data-dir", str(tmp_path), "--json"]
    kg("build", *data)
    files = ["--files", str(DOWNLOADS / "contracts")]
    raises(ConfigError, "--files are those of one source", "build", *files, *data)
    raises(SourceUnavailableError, "contracts is not downloaded", "build", "--source", "contracts", *data)
    raises(NotFoundError, "no source contracts", "build", "--drop", "contracts", *data)
    assert "source/contracts" in json.loads(kg("build", "--source", "contracts", *files, *data))["changes"]
    assert json.loads(kg("build", *data))["published"] is False
    downloads = ["--downloads", str(DOWNLOADS)]
    raises(ConfigError, "among the sources of this build", "build", "--drop", "contracts", *downloads, *data)
    assert json.loads(kg("build", "--drop", "contracts", *data))["changes"]["source/contracts"]["added"] == 0
