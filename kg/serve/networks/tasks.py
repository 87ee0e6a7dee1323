"""What is to be computed of a network, and how much that may take; `kg.serve.networks.computing` does it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg import __version__
from kg.analysis.definitions import Definition


@dataclass(frozen=True, kw_only=True)
class Most:
    """What one computation may take: seconds, bytes of memory, nodes, edges, bytes of its result."""

    seconds: float = 600.0
    memory: int = 4 << 30
    nodes: int = 1_000_000
    edges: int = 5_000_000
    size: int = 512 << 20


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is to be computed.

    Attributes
    ----------
    root, release
        The data folder, and the id of a release in it.
    given
        Texts by name of parameter of the network.
    verb
        One of `kg.serve.networks.verbs.VERBS`.
    options
        Of the verb, checked.
    format
        Of the file: a name in `kg.export.networks.FORMATS`, or ``json`` or ``csv``.
    """

    root: Path
    release: str
    definition: Definition
    given: Mapping[str, str]
    verb: str
    options: Mapping[str, Any] = field(default_factory=dict)
    format: str = "json"
    language: str = "en"
    most: Most = field(default_factory=Most)

    def key(self, origin: str) -> str:
        """What a result is kept under: a digest over that of the network's origin and all that is done with it."""
        told = [origin, self.verb, dict(self.options), self.format, self.language, __version__]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=list).encode()).hexdigest()
