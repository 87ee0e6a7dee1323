"""Imports point one way: a module imports only from lines further down, and members of one line not each other."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "kg"

LAYERS = """
    cli client
    serve
    pipeline
    help
    search
    export
    explore analysis matching extraction evidence
    derivation validation queries
    sources csvw store
    provenance
    sparql
    vocabulary assets config packed
    iris
    errors
"""
ORDER = {name: height for height, line in enumerate(reversed(LAYERS.strip().splitlines())) for name in line.split()}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def part(path: Path) -> str:
    """The name in LAYERS that a module belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.Module) -> set[str]:
    """The parts of kg that a module imports at run time; what only type checkers see is left out."""
    names: set[str] = set()
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "kg":
            path = (node.module or "").split(".")[1:]
            names |= {path[0]} if path else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("kg.")}
        assert not (isinstance(node, ast.ImportFrom) and node.level), "imports are absolute"
        pending.extend(ast.iter_child_nodes(node))
    return names - {"__version__"}


def wrong(part_of_module: str, names: set[str]) -> list[str]:
    """Those of the imported parts that do not stand further down."""
    return sorted(n for n in names if n != part_of_module and ORDER[n] >= ORDER[part_of_module])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_down(path: Path) -> None:
    assert part(path) in ORDER, f"{part(path)} has no place in LAYERS"
    upward = wrong(part(path), imported(ast.parse(path.read_text("utf-8"))))
    assert not upward, f"{path.relative_to(PACKAGE)} imports {', '.join(upward)}, which do not stand below it"


def test_a_wrong_way_import_is_found() -> None:
    tree = ast.parse(
        "def late():\n    from kg.pipeline import build\nimport kg.cli.main\nfrom kg import serve, errors\n"
    )
    assert wrong("store", imported(tree)) == ["cli", "pipeline", "serve"]


def test_members_of_a_line_do_not_import_each_other() -> None:
    assert wrong("store", imported(ast.parse("from kg.csvw import read"))) == ["csvw"]


def test_only_the_edges_read_settings() -> None:
    readers = {part(path) for path in MODULES if "config" in imported(ast.parse(path.read_text("utf-8")))}
    assert readers <= {"cli", "client", "serve"}


def test_what_is_imported_with_kg_is_next_to_nothing() -> None:
    shown = "import sys, kg; print(*sorted(name for name in sys.modules if name.startswith(('kg', 'polars', 'pyoxi'))))"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["kg"]
