"""One operation of a SPARQL 1.1 Update request: what it says of itself, and the same over another dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

DEFAULT = "DEFAULT"
NAMED = "NAMED"
ALL = "ALL"
"""What an operation may write beside graphs with an IRI: the default graph, all named ones, all."""


@dataclass(frozen=True)
class Operation:
    """One operation of a request.

    Attributes
    ----------
    kind
        Its keywords: ``INSERT DATA``, ``DELETE WHERE``, ``LOAD``, ``MOVE``; ``MODIFY`` for DELETE or INSERT with WHERE.
    prologue, text
        The declarations in force, and the operation itself; the two make a request.
    targets
        What it says that it writes: IRIs, `DEFAULT`, `NAMED`, `ALL`.
    variables
        Variables (with ``?``) that stand for further graphs to write.
    pattern
        Of a MODIFY, where WHERE stands in its text; of a DELETE WHERE, where the text ends.
    home, using, using_named
        The graphs of its WITH, USING and USING NAMED.
    source
        Of ADD, COPY and MOVE, the graph that is read.
    document
        Of a LOAD, what it fetches.
    silent
        Whether failures are to be passed over.
    """

    kind: str
    prologue: str
    text: str
    targets: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    pattern: int = 0
    home: str | None = None
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    source: str = ""
    document: str = ""
    silent: bool = False

    @property
    def request(self) -> str:
        """The operation as a request of its own."""
        return f"{self.prologue}{self.text}"

    @property
    def matches(self) -> bool:
        """Whether it matches a pattern, in a dataset that it does not name itself."""
        return self.kind in ("MODIFY", "DELETE WHERE") and not (self.home or self.using or self.using_named)

    @property
    def graphs_query(self) -> str:
        """A query for what its `variables` stand for, to be asked over the dataset that it is matched in."""
        pattern = self.text[self.text.index("{") :] if self.kind == "DELETE WHERE" else self.text[self.pattern :]
        return f"{self.prologue}SELECT DISTINCT {' '.join(self.variables)} {pattern}"

    def over(self, default: Sequence[str], named: Sequence[str]) -> Operation:
        """The same with its pattern matched in these graphs (section 3.1.3); only of one that `matches`."""
        clauses = " ".join([f"USING <{graph}>" for graph in default] + [f"USING NAMED <{graph}>" for graph in named])
        head, tail = self.text[: self.pattern], self.text[self.pattern :]
        if self.kind == "DELETE WHERE":  # short for the same group twice (section 3.1.3.3), which takes a dataset
            group = head[head.index("{") :]
            head, tail = f"DELETE {group} ", f"WHERE {group}"
        text = f"{head}{clauses} {tail}"
        return replace(
            self,
            kind="MODIFY",
            text=text,
            pattern=len(text) - len(tail),
            using=tuple(default),
            using_named=tuple(named),
        )
