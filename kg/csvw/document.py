"""JSON in which every value knows its place, so that a wrong one is reported with file and path.

Used by `kg.csvw.metadata` only. Nothing is guessed: a value of the wrong type and a property that nobody asked for are
errors, since a misspelt property would otherwise be ignored and its column mapped in some other way.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from kg.errors import SourceFormatError, SourceUnavailableError

_SHOWN = 60  # characters of a wrong value that a message repeats


@dataclass(frozen=True)
class Node:
    """One JSON value with the file and the path where it stands (``tables[0].url``)."""

    value: object
    file: str
    path: str = ""

    @classmethod
    def of_file(cls, path: Path, *, name: str) -> Node:
        """The whole of a JSON file, called ``name`` in messages."""
        try:
            return cls(json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_no_duplicates), name)
        except FileNotFoundError as error:
            raise SourceUnavailableError(f"{name} is not there") from error
        except OSError as error:
            raise SourceUnavailableError(f"{name} cannot be read: {error.strerror}") from error
        except (UnicodeDecodeError, ValueError) as error:
            raise SourceFormatError(f"is not JSON in UTF-8: {error}", file=name) from error

    def wrong(self, message: str) -> SourceFormatError:
        """The error that says what is wrong with this value."""
        return SourceFormatError(f"{self.path or 'the document'}: {message}", file=self.file)

    def members(self) -> dict[str, Node]:
        """The properties of an object."""
        if not isinstance(self.value, dict):
            raise self.wrong(f"expected an object, found {_shown(self.value)}")
        prefix = f"{self.path}." if self.path else ""
        return {key: Node(value, self.file, f"{prefix}{key}") for key, value in self.value.items()}

    def items(self) -> list[Node]:
        """The elements of a list that is not empty."""
        if not isinstance(self.value, list) or not self.value:
            raise self.wrong(f"expected a list with at least one element, found {_shown(self.value)}")
        return [Node(value, self.file, f"{self.path}[{index}]") for index, value in enumerate(self.value)]

    def one_or_more(self) -> list[Node]:
        """The elements of a list, or the value itself where the standard allows one without brackets."""
        return self.items() if isinstance(self.value, list) else [self]

    def text(self) -> str:
        """A string."""
        if not isinstance(self.value, str):
            raise self.wrong(f"expected a string, found {_shown(self.value)}")
        return self.value

    def boolean(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.wrong(f"expected true or false, found {_shown(self.value)}")
        return self.value

    def count(self) -> int:
        """A whole number, not negative."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or self.value < 0:
            raise self.wrong(f"expected a whole number from 0, found {_shown(self.value)}")
        return self.value

    def require(self, key: str) -> Node:
        """A property that must be there."""
        members = self.members()
        if key not in members:
            raise self.wrong(f"has no {key}")
        return members[key]

    def allow(self, known: Collection[str]) -> None:
        """Complain of every property that is neither known nor an annotation (``dc:title``, an absolute address)."""
        for key, node in self.members().items():
            if key not in known and ":" not in key:
                raise node.wrong(f"is not a property that is known here (known: {', '.join(sorted(known))})")


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = [key for key, _ in pairs]
    if repeated := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"the property {min(repeated)} is given twice in one object")
    return dict(pairs)


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
