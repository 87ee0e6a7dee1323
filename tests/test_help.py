"""The pages of kg/help, run from top to bottom as a reader would run them, print what they show."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest

from kg.store.releases import DataFolder

from .test_docs_examples import SERVICE, first_missing

HELP = Path(__file__).resolve().parents[1] / "kg" / "help"
PAGES = sorted(HELP.glob("*.md"))
BLOCKS = re.compile(r"^```python\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_prints_what_it_shows(
    page: Path, data_folder: DataFolder, bundle_service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KG_DATA_DIR", raising=False)
    monkeypatch.delenv("KG_QUERIES_DIR", raising=False)
    (tmp_path / ".kg").symlink_to(data_folder.layout.root)
    text = page.read_text("utf-8")
    blocks = BLOCKS.findall(text)
    assert len(blocks) == text.count("```python"), "a block of Python is not closed"
    names: dict[str, Any] = {}
    with contextlib.chdir(tmp_path):
        for source, shown in blocks:
            line = text.count("\n", 0, text.index(source))
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                code = compile("\n" * line + source.replace(SERVICE, bundle_service), str(page), "exec")
                exec(code, names)  # noqa: S102 - the page is ours
            if missing := first_missing(shown, printed.getvalue()):
                pytest.fail(f"{page.name} shows\n  {missing}\nprinted was\n{printed.getvalue()}", pytrace=False)


def test_there_are_pages() -> None:
    assert "python.md" in {page.name for page in PAGES}
