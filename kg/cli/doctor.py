"""The command that looks for what is wrong, or soon may be, with a data folder and with what kg stands on."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib import metadata
from typing import Annotated

import typer

from kg import assets
from kg.cli.options import DataDir, Json
from kg.cli.printing import print_json, say
from kg.config import Settings, settings
from kg.errors import KgError
from kg.serve.tokens import TokenFile
from kg.store.inspection import Finding, inspect
from kg.store.layout import Layout

_MARKS = {"ok": "  ", "note": "- ", "warning": "! ", "error": "X "}
_PROGRAMS = {
    "node": ("--version", "only what builds pages from their sources needs it"),
    "java": ("-version", "only tests and benchmarks against Apache Jena need it"),
}
_SECONDS = 10
_LEAST_FILES = 1024


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(doctor)


def doctor(
    deep: Annotated[bool, typer.Option("--deep", help="Read all segments and compare their digests.")] = False,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Look at the data folder, the disk, locks, releases, tokens and versions; say what to do about each fault.

    Ends with 1 if there is an error, with 0 if there are warnings at most.
    """
    chosen = settings(data_dir=data_dir)
    found = [*inspect(chosen.data_dir, deep=deep), *_tokens(chosen), *_environment()]
    if as_json:
        print_json([asdict(each) for each in found])
    else:
        _print(found)
    if any(each.level == "error" for each in found):
        raise typer.Exit(1)


def _print(found: list[Finding]) -> None:
    width = max(len(each.subject) for each in found)
    for each in found:
        say(f"{_MARKS[each.level]}{each.subject.ljust(width)}  {each.text}")
        if each.remedy and each.level != "ok":
            say(f"  {' ' * width}  -> {each.remedy}")
    numbers = {level: sum(each.level == level for each in found) for level in ("error", "warning", "note")}
    say(", ".join(f"{number} {level}{'s' * (number != 1)}" for level, number in numbers.items()))


def _tokens(chosen: Settings) -> Iterator[Finding]:
    layout = Layout(chosen.data_dir)
    if not layout.tokens.exists():
        if chosen.anonymous == "none" and chosen.data_dir.is_dir():
            yield Finding("warning", "tokens", "there is none, and KG_ANONYMOUS=none lets nobody in", "kg token create")
        return
    try:
        tokens = TokenFile(layout.tokens, layout.tokens_lock).all()
    except KgError as error:
        yield Finding("error", "tokens", str(error), "restore it from a backup, or remove it to revoke all")
        return
    if sys.platform != "win32" and layout.tokens.stat().st_mode & 0o077:
        yield Finding("warning", "tokens", "others may read the file", f"chmod 600 {layout.tokens}")
    ended = [each.name for each in tokens if each.ended()]
    if ended:
        yield Finding("note", "tokens", f"expired: {', '.join(ended)}", "kg token revoke removes them")
    yield Finding("ok", "tokens", f"{len(tokens) - len(ended)} valid")


def _environment() -> Iterator[Finding]:
    yield Finding("ok", "Python", f"{platform.python_version()} on {platform.platform()}")
    yield from _packages()
    yield from _files()
    for name, (option, purpose) in _PROGRAMS.items():
        if version := _version(name, option):
            yield Finding("ok", name, version)
        else:
            yield Finding("note", name, f"is not installed: {purpose}")


def _packages() -> Iterator[Finding]:
    """What is required, against the versions that this one of kg was tested with."""
    tested, other = assets.constraints(), []
    required = [
        _name(text) for text in metadata.requires("kg") or [] if "extra ==" not in text and "Windows" not in text
    ]
    for name in required:
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Finding("error", "packages", f"{name} is missing", "install kg again")
            continue
        if (wanted := tested.get(name)) and wanted != installed:
            other.append(f"{name} {installed}, tested with {wanted}")
    if other:
        remedy = "pip install -c constraints.txt brings the tested ones"
        yield Finding("note", "packages", "; ".join(other), remedy)
    else:
        yield Finding("ok", "packages", f"{len(required)} as tested")


def _name(requirement: str) -> str:
    return re.split(r"[\s\[<>=!~;(]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def _files() -> Iterator[Finding]:
    """How many files one process may have open: RocksDB opens many, and each connection is one."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # POSIX only

    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < _LEAST_FILES:
        yield Finding(
            "warning", "open files", f"{most} at most", f"ulimit -n {_LEAST_FILES}, or LimitNOFILE= in systemd"
        )
    else:
        yield Finding("ok", "open files", "any number" if most == resource.RLIM_INFINITY else f"{most:,} at most")


def _version(name: str, option: str) -> str:
    """The first line that a program says of its version; nothing where it is not there, or says nothing."""
    if not (program := shutil.which(name)):
        return ""
    try:
        done = subprocess.run(  # noqa: S603
            [program, option], capture_output=True, text=True, check=False, timeout=_SECONDS, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return next(iter((done.stdout or done.stderr).strip().splitlines()), "")
