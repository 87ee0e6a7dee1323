"""backup.json: what a copy of a data folder holds, by name, size and digest.

Names are those of the data folder, and only those: whatever an archive brings under another name is refused, so
nothing can be written beside the folder that is restored.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.errors import StoreError
from kg.store.layout import PART
from kg.store.segments import DIGEST

FILE_NAME = "backup.json"
LAYOUT = 1
_SEGMENT = re.compile(rf"segments/({DIGEST})\.nq\.zst")
_NAME = re.compile(rf"tags\.json|tokens\.json|{_SEGMENT.pattern}|releases/{PART}/{PART}(/{PART})?")


@dataclass(frozen=True)
class Entry:
    """A file: its bytes, and the SHA-256 of them; of a segment that of its uncompressed text, as in its name."""

    size: int
    digest: str


@dataclass(frozen=True)
class Contents:
    """What stands in backup.json.

    Parameters
    ----------
    created
        ISO 8601, UTC.
    tool
        Name and version of the program that made it.
    current
        The id of the release that was live.
    files
        By name, relative to the data folder.
    """

    created: str
    tool: str
    current: str
    files: Mapping[str, Entry]
    layout: int = LAYOUT

    @property
    def releases(self) -> list[str]:
        """Ids, the oldest first."""
        return sorted({name.split("/")[1] for name in self.files if name.startswith("releases/")})

    def to_json(self) -> str:
        """The text of the file."""
        return json.dumps(dataclasses.asdict(self), indent=1, sort_keys=True) + "\n"


def read(text: bytes, where: str) -> Contents:
    """What a backup.json says.

    Raises
    ------
    StoreError
        It is damaged, of a newer version, or names what is no file of a data folder.
    """
    try:
        told: dict[str, Any] = json.loads(text)
        if told["layout"] > LAYOUT:
            raise StoreError(f"{where} was made by a newer version of kg ({told['tool']}); restore it with that")
        files = {str(name): Entry(int(each["size"]), str(each["digest"])) for name, each in told["files"].items()}
        contents = Contents(str(told["created"]), str(told["tool"]), str(told["current"]), files, told["layout"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{FILE_NAME} in {where} is damaged: {error!r}; take another backup") from error
    for name in files:
        check_name(name, where)
    if not re.fullmatch(PART, contents.current) or contents.current not in contents.releases:
        raise StoreError(f"{FILE_NAME} in {where} is damaged: it does not have the release that was live")
    return contents


def check_name(name: str, where: str) -> None:
    """See that a name is that of a file in a data folder.

    Raises
    ------
    StoreError
        It is another: a path that leads out, for example.
    """
    if not is_name(name):
        raise StoreError(f"{where} holds {name!r}, which is no file of a data folder; it is no backup, or was changed")


def is_name(name: str) -> bool:
    """Whether a file of a data folder may have this name."""
    return bool(_NAME.fullmatch(name))


def segment_digest(name: str) -> str | None:
    """The digest in the name of a segment; None for other files."""
    found = _SEGMENT.fullmatch(name)
    return found[1] if found else None
