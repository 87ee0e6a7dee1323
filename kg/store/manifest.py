"""release.json: what a release is made of, and what its files were made from.

The segments are the release; everything else in its folder can be made from them again. Times and versions stand here
and in the graph about the graphs only, so that the same input gives the same segments.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from kg.errors import NewerLayoutError, StoreError, StoreUnavailableError
from kg.store.durable import write_text
from kg.store.layout import PART
from kg.store.segments import DIGEST, Segment

LAYOUT = 1
"""The version of data folders that this program writes; it reads this one and older ones."""

FILE_NAME = "release.json"

DefaultGraph = Literal["union", "materialised", "own"]
"""How the database answers queries that name no graph: from the union of its graphs while no triple stands in two of
them, else from a default graph that holds each triple once. That of a plain folder is a graph of its own."""


@dataclass(frozen=True)
class Manifest:
    """What stands in release.json.

    Parameters
    ----------
    id
        Sorts by time of making: ``20251130T101500.123Z-1a2b3c4d``, the last part from the digests of the segments.
    created
        ISO 8601, UTC.
    tool
        Name and version of the program that made it.
    parent
        The id of the release that was live when the build began.
    segments
        By name; the name of a source, usually.
    sources
        By name: digests of input files, rows and whatever else the pipeline records.
    validation
        Summary of the SHACL report.
    database
        The name of the database's folder.
    made_by
        ``"load"`` afresh, or ``"patch"`` of the parent's database: whichever was estimated to be cheaper.
    ready
        Which of the derived files are there.
    """

    id: str
    created: str
    tool: str
    parent: str | None
    segments: Mapping[str, Segment]
    sources: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    validation: Mapping[str, Any] = field(default_factory=dict)
    default_graph: DefaultGraph = "union"
    made_by: Literal["load", "patch"] = "load"
    ready: tuple[str, ...] = ("database",)
    database: str = "database"
    layout: int = LAYOUT

    @property
    def quads(self) -> int:
        """The number of quads in all segments; of a plain release, which has none, in its database."""
        return self.counts.get("quads", 0) if self.plain else sum(each.quads for each in self.segments.values())

    @property
    def plain(self) -> bool:
        """Whether it is a release of a plain folder (`kg.store.plain`): a database, and nothing that it is made of."""
        return self.default_graph == "own"

    def write(self, folder: Path) -> None:
        """Put release.json into a release's folder, at once and for good."""
        write_text(folder / FILE_NAME, f"{self.text}\n")

    @property
    def text(self) -> str:
        """What stands in release.json."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False, indent=2, sort_keys=True)

    @property
    def graphs(self) -> tuple[str, ...]:
        """The IRIs of all named graphs, sorted; none of a plain release, whose manifest does not know them."""
        return tuple(sorted(graph for segment in self.segments.values() for graph in segment.graphs))


def read(folder: Path) -> Manifest:
    """The manifest of the release in a folder.

    Raises
    ------
    StoreUnavailableError
        There is no release.
    NewerLayoutError
        A newer version of the program made it.
    StoreError
        It is damaged.
    """
    path = folder / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StoreUnavailableError(f"there is no release {folder.name}") from error
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read: {error}") from error
    return parsed(text, path)


def parsed(text: str, path: Path | str) -> Manifest:
    """The manifest in a text that stood in some place. Raises StoreError and NewerLayoutError, as `read` does."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise StoreError(f"{path} cannot be read: {error}") from error
    _check_layout(content, path)
    return _manifest(content, path)


def _check_layout(content: object, path: Path | str) -> None:
    version = content.get("layout", 0) if isinstance(content, dict) else None
    if not isinstance(version, int):
        raise StoreError(f"{path} is not a manifest that this program understands: it has no layout number")
    if version > LAYOUT:
        raise NewerLayoutError(
            f"{path} has layout {version}, this program knows layouts up to {LAYOUT}; use the newer version of kg"
            " that wrote it, or another data folder"
        )


def _manifest(content: Mapping[str, Any], path: Path | str) -> Manifest:
    try:
        segments = {
            name: Segment(**{**entry, "graphs": tuple(entry["graphs"])}) for name, entry in content["segments"].items()
        }
        made = Manifest(**{**content, "segments": segments, "ready": tuple(content["ready"])})
        _check_names(made)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoreError(f"{path} is not a manifest that this program understands: {error}") from error
    return made


def _check_names(made: Manifest) -> None:
    """See that what becomes part of a path leads nowhere else: a manifest may come from outside, with a backup."""
    for name, segment in made.segments.items():
        if not re.fullmatch(DIGEST, segment.digest):
            raise ValueError(f"the digest of segment {name}, {segment.digest!r}, is not 64 hexadecimal digits")
    if not re.fullmatch(PART, made.database):
        raise ValueError(f"{made.database!r} is no name of a database")


def content_of(segments: Mapping[str, Segment]) -> str:
    """What a release is made of, as a text for `new_id`."""
    return "\n".join(f"{name} {segment.digest}" for name, segment in sorted(segments.items()))


def new_id(created: datetime, content: str) -> str:
    """The id of a release: its time to the millisecond, and eight digits of a digest of what it is made of."""
    time = created.strftime("%Y%m%dT%H%M%S.") + f"{created.microsecond // 1000:03}Z"
    return f"{time}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
