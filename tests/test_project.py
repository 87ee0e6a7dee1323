"""The project's own files: licences of what it requires, no addresses of registries, no path of a machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
COPYLEFT = re.compile(r"\b(A?GPL|LGPL|GNU|EUPL|CeCILL|MPL|Mozilla)", re.IGNORECASE)


def names(requirements: list[str]) -> set[str]:
    """Normalised names of requirements, without those of other systems or extras."""
    kept = [
        text for text in requirements if "extra ==" not in text and "Windows" not in text.split(";")[-1].split("!=")[0]
    ]
    return {re.split(r"[\s\[<>=!~;(]", text, maxsplit=1)[0].lower().replace("_", "-") for text in kept}


def closure() -> list[metadata.Distribution]:
    """All installed packages that the required dependencies need, and theirs."""
    pending, seen = sorted(names(PROJECT["dependencies"])), {}
    while pending:
        name = pending.pop()
        if name not in seen:
            try:
                seen[name] = metadata.distribution(name)
            except metadata.PackageNotFoundError:
                continue
            pending += names(metadata.requires(name) or [])
    return list(seen.values())


def licence(package: metadata.Distribution) -> str:
    """What a package says of its licence: the expression, else classifiers, else the first line of the text."""
    found = package.metadata.get("License-Expression")
    classifiers = [c for c in package.metadata.get_all("Classifier") or [] if c.startswith("License")]
    return found or " ".join(classifiers) or (package.metadata.get("License") or "").split("\n")[0]


def test_no_required_dependency_is_under_a_copyleft_licence() -> None:
    packages = closure()
    assert len(packages) > len(PROJECT["dependencies"])
    assert [f"{p.name}: {licence(p)}" for p in packages if COPYLEFT.search(licence(p))] == []


def test_the_extras_are_there() -> None:
    extras = {"remote", "documents", "mcp", "spark", "igraph", "png", "excel", "test", "dev"}
    assert extras <= set(PROJECT["optional-dependencies"])


def test_constraints_pin_every_required_package_and_name_no_address() -> None:
    text = (ROOT / "constraints.txt").read_text("utf-8")
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in text.splitlines() if "==" in line}
    assert names(PROJECT["dependencies"]) <= pinned
    assert "://" not in text
    assert "index-url" not in text


def test_nothing_committed_names_a_path_of_a_machine_or_a_registry() -> None:
    try:
        tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs a git checkout")
    found = []
    pattern = re.compile(r"(?<![\w.])/(?:work|root|home)/[a-z]|--(?:extra-)?index-url|\"resolved\": *\"http")
    for name in tracked.split():
        path = ROOT / name
        if (
            path.suffix in {".py", ".toml", ".md", ".ttl", ".rq", ".json", ".csv", ".txt", ".html", ""}
            and path.is_file()
        ):
            found += [f"{name}: {hit[0]}" for hit in pattern.finditer(path.read_text("utf-8", errors="replace"))]
    assert [hit for hit in found if not hit.startswith("tests/test_project.py")] == []
