"""Where the project's own files are: ontology, shapes and queries, in a checkout or inside the installed wheel.

A checkout wins, so that an edited shape counts at once; the wheel carries copies under ``kg/bundled``.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from kg.errors import ConfigError

_PACKAGE = Path(__file__).parent
_PLACES = (_PACKAGE.parent, _PACKAGE / "bundled")


def folder(name: str) -> Path:
    """The folder ``ontology``, ``shapes`` or ``queries``.

    Raises
    ------
    ConfigError
        Neither the checkout nor the installed package has it: the installation is incomplete.
    """
    for place in _PLACES:
        if (place / "pyproject.toml").is_file() or place.name == "bundled":
            candidate = place / name
            if candidate.is_dir():
                return candidate
    raise ConfigError(f"the folder {name}/ is missing beside the package; install kg again")


def turtle_files(name: str) -> list[Path]:
    """All Turtle files of a folder and its subfolders, sorted by path."""
    return sorted(folder(name).rglob("*.ttl"))


def constraints() -> dict[str, str]:
    """The versions of packages that this version was tested with, by normalised names."""
    for place in _PLACES:
        file = place / "constraints.txt"
        if file.is_file():
            pins = (line.split("==", 1) for line in file.read_text("utf-8").splitlines() if "==" in line)
            return {name.strip().lower().replace("_", "-"): pin.split(";")[0].strip() for name, pin in pins}
    return {}


def readme() -> str:
    """The README; empty if the installation has none."""
    files = (
        place / "README.md" for place in _PLACES if (place / "pyproject.toml").is_file() or place.name == "bundled"
    )
    return next((file.read_text("utf-8") for file in files if file.is_file()), "")


def package() -> Path:
    """The folder of the package itself."""
    return _PACKAGE


def bundled_sources() -> Path:
    """The folder whose subfolders are the sources that come with the package."""
    return _PACKAGE / "sources"


def code_digest(*modules: str) -> str:
    """SHA-256 over the Python text of modules or packages below ``kg``, given as paths (``"csvw"``, ``"iris.py"``).

    What the code would make anew is recognised by this, not by a version number that nobody raised.
    """
    digest = hashlib.sha256()
    for module in sorted(modules):
        path = _PACKAGE / module
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(_PACKAGE).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
