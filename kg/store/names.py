"""The names of releases: ``current`` (a file with an id, since Windows has no symbolic links for everyone) and tags."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from kg.errors import NotFoundError, StoreError
from kg.store.durable import prepared_text, put, write_text
from kg.store.layout import Layout

_TAG = re.compile(r"[a-z][a-z0-9._-]*")
CURRENT = "current"


def current(layout: Layout) -> str | None:
    """The id of the live release, None before the first."""
    try:
        return layout.current.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None


@contextmanager
def switching(layout: Layout, identifier: str) -> Iterator[None]:
    """Make a release the live one when the context ends well; the caller holds the lock of names.

    The new pointer is on the disk before the context begins: should the disk be full, nothing has happened yet.
    """
    pointer = prepared_text(layout.current, f"{identifier}\n")
    try:
        yield
        put(pointer, layout.current)
    finally:
        pointer.unlink(missing_ok=True)


def tags(layout: Layout) -> dict[str, str]:
    """All tags with the ids they stand for, sorted."""
    try:
        return dict(sorted(json.loads(layout.tags.read_text(encoding="utf-8")).items()))
    except FileNotFoundError:
        return {}


def tag(layout: Layout, identifier: str, name: str) -> None:
    """Give a release a tag, taking it from the one that had it; the caller holds the lock of names."""
    if not _TAG.fullmatch(name) or name == CURRENT:
        raise StoreError(
            f"{name!r} cannot be a tag; use lower-case letters, digits, dots and hyphens, a letter first"
            f" (and not {CURRENT!r})"
        )
    _write(layout, {**tags(layout), name: identifier})


def untag(layout: Layout, name: str) -> None:
    """Take a tag away; the caller holds the lock of names.

    Raises
    ------
    NotFoundError
        There is no such tag.
    """
    known = tags(layout)
    if name not in known:
        raise NotFoundError(f"there is no tag {name}; there are {', '.join(known) or 'none'}")
    del known[name]
    _write(layout, known)


def _write(layout: Layout, known: Mapping[str, str]) -> None:
    write_text(layout.tags, json.dumps(known, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
