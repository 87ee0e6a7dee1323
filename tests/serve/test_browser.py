"""The pages in a real browser: they are drawn, scripts do not fail, and nothing is asked for from elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=5000",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--dump-dom",
)


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("under CI the browser must be there: apt install chromium")
        pytest.skip("needs the browser chromium on the path")
    return found


@pytest.mark.parametrize(
    ("path", "holds"),
    [
        ("/", 'class="figure"'),
        ("/sparql?query=ASK+%7B%7D", ">true</td>"),
        ("/page/id/period/CY2020?lang=zh", "application/ld+json"),
        ("/docs", 'class="opblock-tag-section'),
    ],
)
def test_a_page_is_drawn_without_complaint(
    chromium: str, client: httpx.Client, tmp_path: Path, path: str, holds: str
) -> None:
    """The policy of every page blocks what comes from elsewhere, and the browser complains of that in its console."""
    command = [chromium, *OPTIONS, f"--user-data-dir={tmp_path}", str(client.base_url.join(path))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert holds in done.stdout
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
