"""What formats there are, and writing a network to disk at once or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TextIO

from kg.errors import ConfigError
from kg.export.networks import gexf, graphml, node_link, pajek, sheets

if TYPE_CHECKING:
    from kg.analysis.network import Network

Writer = Callable[["Network", TextIO], None]


@dataclass(frozen=True)
class Format:
    """A format of networks.

    Attributes
    ----------
    name, title, media_type
        How it is asked for, what it is, and what it is on the web (RFC 6838).
    parts
        The files that a network becomes: what stands before the last dot's ending, and who writes it.
    ending
        Of file names.
    """

    name: str
    title: str
    media_type: str
    ending: str
    parts: Mapping[str, Writer]


def _single(write: Writer) -> Mapping[str, Writer]:
    return {"": write}


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        each.name: each
        for each in (
            Format("json", "node-link JSON of networkx", "application/json", ".json", _single(node_link.write)),
            Format("graphml", "GraphML", "application/graphml+xml", ".graphml", _single(graphml.write)),
            Format("gexf", "GEXF 1.2, of Gephi", "application/gexf+xml", ".gexf", _single(gexf.write)),
            Format("csv", "CSV: a list of edges and one of nodes", "text/csv", ".csv", sheets.PARTS),
            Format("pajek", "Pajek", "text/plain", ".net", _single(pajek.write)),
        )
    }
)
"""All formats by name."""


def write(network: Network, format: Format, target: Path) -> list[Path]:
    """Write a network to a file, or to one for each part of the format: ``net.csv`` to ``net.edges.csv``.

    Returns
    -------
    The files. Until all are whole, none is there under its name, and old ones stay as they are.

    Raises
    ------
    ConfigError
        A file cannot be written; nothing is left of it.
    """
    stem = target.with_suffix("") if target.suffix == format.ending else target
    paths = [target if not part else stem.with_name(f"{stem.name}.{part}{format.ending}") for part in format.parts]
    with beside(paths) as drafts:
        for draft, write_part in zip(drafts, format.parts.values(), strict=True):
            with draft.open("w", encoding="utf-8", newline="") as stream:
                write_part(network, stream)
    return paths


@contextmanager
def beside(paths: list[Path]) -> Iterator[list[Path]]:
    """Files beside others, which take their places when all went well and are gone when not."""
    drafts: list[Path] = []
    try:
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
            os.close(number)
            drafts.append(Path(name))
        yield drafts
        for draft, path in zip(drafts, paths, strict=True):
            draft.chmod(0o666 & ~_umask())
            draft.replace(path)
    except OSError as error:
        raise ConfigError(f"cannot write {error.filename or paths[0]}: {error.strerror}") from error
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)


def _umask() -> int:
    """What a new file of this process may not be: a draft is private, the file that it becomes need not be."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
