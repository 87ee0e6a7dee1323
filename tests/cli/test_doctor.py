"""The command that looks for what is wrong, as one types it."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from kg.cli.main import app
from kg.store.releases import DataFolder

RUN = CliRunner()


def test_a_healthy_folder(data_folder: DataFolder) -> None:
    done = RUN.invoke(app, ["doctor", "--data-dir", str(data_folder.layout.root), "--deep"])
    assert done.exit_code == 0, done.output
    assert "are as their digests say" in done.output
    assert "0 errors" in done.output


def test_an_error_is_told_and_is_the_exit_code(tmp_path: Path) -> None:
    done = RUN.invoke(app, ["doctor", "--data-dir", str(tmp_path / "none"), "--json"])
    found = json.loads(done.stdout)
    assert done.exit_code == 1
    assert found[0]["level"] == "error"
    assert {"Python", "packages", "node", "java"} <= {each["subject"] for each in found}


def test_tokens_are_looked_at(tmp_path: Path) -> None:
    folder = DataFolder.open(tmp_path / "data", create=True)
    RUN.invoke(app, ["token", "create", "joe", "--data-dir", str(folder.layout.root)])
    assert "1 valid" in told(folder)
    folder.layout.tokens.chmod(0o644)
    assert "chmod 600" in told(folder)
    text = folder.layout.tokens.read_text()
    folder.layout.tokens.write_text(text.replace('"expires": null', '"expires": "2001-01-01T00:00:00Z"'))
    assert "expired: joe" in told(folder)
    folder.layout.tokens.write_text("{")
    assert "remove it to revoke all" in told(folder)


def told(folder: DataFolder) -> str:
    return RUN.invoke(app, ["doctor", "--data-dir", str(folder.layout.root)]).output
