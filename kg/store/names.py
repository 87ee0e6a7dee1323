"""The names of releases: ``current`` (a file with an id, since Windows has no symbolic links for everyone) and tags."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from kg.errors import NotFoundError, StoreError
from kg.store.durable import prepared_text, put, write_text
from kg.store.layout import Layout

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]*")
_TAG = re.compile(r"[a-z][a-z0-9._-]*")
CURRENT = "current"


def current(layout: Layout) -> str | None:
    """The id of the live release, None before the first.

    Raises
    ------
    StoreError
        The file is damaged; the text says how to mend it.
    """
    try:
        identifier = layout.current.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{layout.current} cannot be read: {error}; {advice(layout)}") from error
    if not _ID.fullmatch(identifier):
        raise StoreError(f"{layout.current} holds no id of a release; {advice(layout)}")
    return identifier


def advice(layout: Layout) -> str:
    """What to do when ``current`` does not lead to a release."""
    newest = sorted((path.name for path in layout.releases.iterdir()), reverse=True)[:3]
    return f"run `kg releases rollback ID` with the id of a release; the newest: {', '.join(newest) or 'none'}"


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
    """All tags with the ids they stand for, sorted.

    Raises
    ------
    StoreError
        The file is damaged.
    """
    remedy = "mend it, or remove it and set the tags anew with `kg releases tag`"
    try:
        known = json.loads(layout.tags.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise StoreError(f"{layout.tags} cannot be read: {error}; {remedy}") from error
    if not isinstance(known, dict) or not all(isinstance(identifier, str) for identifier in known.values()):
        raise StoreError(f"{layout.tags} does not hold names and ids of releases; {remedy}")
    return dict(sorted(known.items()))


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
