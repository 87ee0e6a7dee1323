"""JSON in which every value knows its place, so that a wrong one is reported with file and path.

Used by the readers of metadata only. Two ways of reading share it (`Notes`):

- strictly, as sources are read: nothing is guessed. A value of the wrong type and a property that nobody asked for are
  errors, since a misspelt property would otherwise be ignored and its column mapped in some other way;
- as the standard has it: such a property is ignored, with a warning, and only what the standard forbids is an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from kg.csvw.prefixes import PREFIXES
from kg.errors import SourceFormatError, SourceUnavailableError

T = TypeVar("T")
D = TypeVar("D")

_SHOWN = 60  # characters of a wrong value that a message repeats


class ForbiddenMetadataError(SourceFormatError):
    """Metadata that the standard tells processors to refuse, not to ignore."""


class NoJsonError(SourceFormatError):
    """A file that was to hold metadata holds something else."""


@dataclass
class Notes:
    """How to take what is not right in a document, and what was passed over."""

    strict: bool = True
    warnings: list[str] = field(default_factory=list)

    def warn(self, text: str) -> None:
        """Remember a warning, once."""
        if text not in self.warnings:
            self.warnings.append(text)


@dataclass(frozen=True)
class Node:
    """One JSON value with the file and the path where it stands (``tables[0].url``)."""

    value: object
    file: str
    path: str = ""
    notes: Notes = field(default_factory=Notes, repr=False, compare=False)

    @classmethod
    def of_file(cls, path: Path, *, name: str, notes: Notes | None = None) -> Node:
        """The whole of a JSON file, called ``name`` in messages."""
        try:
            value = json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_no_duplicates)
        except FileNotFoundError as error:
            raise SourceUnavailableError(f"{name} is not there") from error
        except OSError as error:
            raise SourceUnavailableError(f"{name} cannot be read: {error.strerror}") from error
        except (UnicodeDecodeError, ValueError, RecursionError) as error:
            raise NoJsonError(f"is not JSON in UTF-8: {error}", file=name) from error
        return cls(value, name, notes=notes or Notes())

    def wrong(self, message: str) -> SourceFormatError:
        """The error that says what is wrong with this value."""
        return SourceFormatError(f"{self.path or 'the document'}: {message}", file=self.file)

    def forbidden(self, message: str) -> ForbiddenMetadataError:
        """The error that says so of a value for which no reader may find an excuse."""
        return ForbiddenMetadataError(f"{self.path or 'the document'}: {message}", file=self.file)

    def members(self) -> dict[str, Node]:
        """The properties of an object."""
        if not isinstance(self.value, dict):
            raise self.wrong(f"expected an object, found {_shown(self.value)}")
        prefix = f"{self.path}." if self.path else ""
        return {key: Node(value, self.file, f"{prefix}{key}", self.notes) for key, value in self.value.items()}

    def items(self) -> list[Node]:
        """The elements of a list that is not empty."""
        if not isinstance(self.value, list) or not self.value:
            raise self.wrong(f"expected a list with at least one element, found {_shown(self.value)}")
        return [Node(value, self.file, f"{self.path}[{n}]", self.notes) for n, value in enumerate(self.value)]

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
            raise self.forbidden(f"has no {key}")
        return members[key]

    def get(self, key: str, read: Callable[[Node], T], default: D) -> T | D:
        """A property as ``read`` takes it, or the default where it is not given or, with a warning, not right."""
        members = self.members()
        return members[key].read(read, default) if key in members else default

    def read(self, read: Callable[[Node], T], default: D) -> T | D:
        """The value as ``read`` takes it, or the default where it is not right and may be ignored."""
        try:
            return read(self)
        except ForbiddenMetadataError:
            raise
        except SourceFormatError as error:
            if self.notes.strict:
                raise
            self.notes.warn(f"{error} (ignored)")
            return default

    def each(self, read: Callable[[Node], T]) -> tuple[T, ...]:
        """The elements of a list as ``read`` takes them, without those that are not right and may be ignored."""
        found: list[T | None] = [item.read(read, None) for item in self.items()]
        return tuple(item for item in found if item is not None)

    def allow(self, known: Collection[str]) -> None:
        """Complain of every property that is neither known nor an annotation (``dc:title``, an absolute address)."""
        for key, node in self.members().items():
            if key not in known and not is_common(key):
                node.read(lambda found: _unknown(found, known), None)

    def only(self, known: Collection[str]) -> None:
        """Refuse every property that is not known, an annotation as well."""
        for key, node in self.members().items():
            if key not in known:
                raise node.forbidden(f"is not allowed here (known: {', '.join(sorted(known))})")

    def common(self) -> dict[str, Node]:
        """The annotations of an object."""
        return {key: node for key, node in self.members().items() if is_common(key)}


def as_object(node: Node) -> Node:
    """The node itself, if it is an object."""
    node.members()
    return node


def is_common(key: str) -> bool:
    """Whether a property is an annotation: one of a vocabulary that CSVW predefines, or named by an address."""
    prefix, colon, rest = key.partition(":")
    return bool(colon) and (prefix in PREFIXES or rest.startswith("//") or prefix in ("urn", "tag"))


def _unknown(node: Node, known: Collection[str]) -> None:
    raise node.wrong(f"is not a property that is known here (known: {', '.join(sorted(known))})")


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = [key for key, _ in pairs]
    if repeated := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"the property {min(repeated)} is given twice in one object")
    return dict(pairs)


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
