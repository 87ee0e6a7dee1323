"""The steps of one build, and what it knows between them; `kg.pipeline.build` says in which order they are taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from pyoxigraph import Quad

from kg import iris, provenance
from kg.derivation import derive
from kg.derivation import records as registers
from kg.errors import SourceError
from kg.pipeline import inputs as reading
from kg.pipeline import outcome, own_graphs, records
from kg.pipeline.inputs import Input, Progress
from kg.pipeline.outcome import Outcome
from kg.pipeline.places import Former, Origins, in_segments
from kg.pipeline.refusals import Refused
from kg.store.canonical import canonical
from kg.store.releases import Staging
from kg.store.segments import Segment
from kg.store.staging import Change
from kg.validation import gate
from kg.validation.incremental.affected import Since
from kg.validation.report import Report
from kg.validation.shapes import Shapes

DERIVED, META, GATE = "derived", "meta", "gate"
REGISTERS = "registers"
"""In the record of what is derived: the digest of all that the rules over registers read."""
OWN_GRAPHS = iris.GRAPH
LOADED_GRAPHS = f"{iris.GRAPH}load/"


@dataclass(frozen=True)
class Author:
    """Who asked for a build by a write: the name of a token, or None, and what was asked for, in a word."""

    name: str | None
    operation: str


@dataclass
class Run:
    """The state of one build between its steps."""

    staging: Staging
    inputs: Sequence[Input]
    elsewhere: Iterable[Input]
    recheck_from: int
    code: Mapping[str, str]
    absent: Collection[str] = ()
    author: Author | None = None

    def __post_init__(self) -> None:
        parent = self.staging.parent
        self.before: Mapping[str, Any] = parent.manifest.sources if parent else {}
        self.counts: Mapping[str, int] = parent.manifest.counts if parent else {}
        self.records = {name: dict(record) for name, record in self.before.items() if name != META}
        self.changes: dict[str, Change] = {}
        self.refused: dict[str, Refused] = {}

    def stale(self, complete: bool) -> bool:
        """Whether anything differs from the live release: an input, the code of derivation and gate, the shapes."""
        changed = any(self._digest(name) != digest for name, digest in self.code.items())
        return changed or any(map(self._is_new, self.inputs)) or bool(complete and self._gone())

    def read(self, complete: bool, drop: Iterable[str], progress: Progress) -> None:
        """Replace the segments of changed inputs; drop those of inputs that are no more.

        The graph about the graphs goes too, and comes back when all is decided: no rule and no check looks at it, so
        that a report is about the data alone.
        """
        if META in self.staging.segments:
            self.staging.drop_segment(META)
        for name in [*drop, *(self._gone() if complete else ())]:
            self._note(name, self.staging.drop_segment(name))
            self.records.pop(name, None)
        changed = [item for item in self.inputs if self._is_new(item)]
        for item, produced in reading.read(changed, progress):
            self._note(item.name, self.staging.replace_segment(item.name, produced.blocks))
            self._check_graphs(item)
            refused = produced.refused.rows if produced.refused else {}
            self.records[item.name] = records.record(item, produced.rows, refused)
            if produced.refused:
                self.refused[item.name] = produced.refused

    def derive(self, progress: Progress) -> None:
        """Replace the derived segment by what follows from the others.

        The rules over registers are not asked again where all that they read is as it was.
        """
        progress("deriving")
        segments = self.staging.segments
        own = [segment for name, segment in segments.items() if name != DERIVED]
        state = registers.state(self.staging.store, {graph: each.digest for each in own for graph in each.graphs})
        before = self.records.get(DERIVED, {}).pop(REGISTERS, None)
        is_known = state is not None and state == before and self._digest(DERIVED) == self.code[DERIVED]
        counted = list(registers.known(self.staging.store)) if is_known else None
        quads = list(derive(self.staging.store, counted=counted))
        self.records[DERIVED] = {**self.records.get(DERIVED, {}), **({REGISTERS: state} if state else {})}
        self._note(DERIVED, self.staging.replace_segment(DERIVED, canonical(quads)))

    def check(self, shapes: Shapes) -> Report:
        """What the gate's checks find, each result with the file and row that it is about."""
        since = self._since()
        some = since if self.quads >= self.recheck_from else None
        report = gate.check(self.staging.store, shapes, since=some) + records.remarks(self.records)
        named = in_segments(self.staging.segments, self.records, chain(self.inputs, self.elsewhere))
        former = Former.of(since, self.staging.parent, self.staging.segments, self.records) if since else None
        return report.located(Origins(self.staging.store, named, former).of(report.results))

    def _since(self) -> Since | None:
        """The check of the live release, if this program made it with these shapes and not too much has changed."""
        parent, gate_before = self.staging.parent, self._digest(GATE)
        if parent is None or gate_before != self.code[GATE] or parent.manifest.tool != provenance.TOOL:
            return None
        if not parent.report.is_file() or (difference := self.staging.since_parent()) is None:
            return None
        return Since(Report.load(parent.report), *difference)

    def count(self) -> dict[str, int]:
        """What the release holds."""
        return {**outcome.count(self.staging.store), "quads": self.quads}

    def publish(self, report: Report, now: datetime) -> Outcome:
        """Write who made what, and make the release the live one, unless it would be the one that is live."""
        parent, text = self.staging.parent, report.to_turtle()
        self._sign(now)
        if parent and not self._changed and parent.report.is_file() and parent.report.read_text("utf-8") == text:
            return Outcome(parent, False, report, counts=self.counts, rows=self.rows)
        runs = records.runs(self.records, self._described, self._documents())
        told = chain(provenance.describe(runs), records.writes(parent, META), self._write(now))
        self.staging.replace_segment(META, canonical(told))
        (self.staging.folder / "report.ttl").write_text(text, encoding="utf-8")
        counts = self.count()
        release = self.staging.publish(
            tool=provenance.TOOL,
            sources=self.records,
            counts=counts,
            validation=report.counts(),
            ready=("database", "report"),
        )
        return Outcome(release, True, report, self.changes, counts, self.rows)

    def _write(self, now: datetime) -> Iterator[Quad]:
        """What is recorded of the write that this build is for."""
        parent, author = self.staging.parent, self.author
        if parent is None or author is None:
            return
        graphs = {name: segment.graphs for name, segment in {**parent.manifest.segments, **self._described}.items()}
        written = {graph: name in self._described for name in self.changes for graph in graphs.get(name, ())}
        own = {graph: stays for graph, stays in written.items() if own_graphs.is_own(parent.manifest, graph)}
        write = provenance.Write(
            release=self.staging.identify(),
            before=parent.id,
            author=author.name,
            operation=author.operation,
            graphs=tuple(graph for graph, stays in own.items() if stays),
            dropped=tuple(graph for graph, stays in own.items() if not stays),
            ended=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        yield from provenance.describe_write(write)

    @property
    def quads(self) -> int:
        """Quads of the release in the making."""
        return sum(segment.quads for segment in self.staging.segments.values())

    @property
    def rows(self) -> int:
        """Rows of all tables behind the release in the making."""
        return sum(rows for record in self.records.values() for rows in record.get("rows", {}).values())

    def _digest(self, name: str) -> str | None:
        digest = self.before.get(name, {}).get("digest")
        return str(digest) if digest else None

    def _is_new(self, item: Input) -> bool:
        return item.name not in self.staging.segments or not records.is_known(item, self.before.get(item.name, {}))

    def _gone(self) -> list[str]:
        wanted = {*(item.name for item in self.inputs), *self.absent}
        kinds = {name: record.get("kind") for name, record in self.before.items()}
        return [name for name, kind in kinds.items() if kind in ("source", "project") and name not in wanted]

    def _note(self, name: str, change: Change) -> None:
        if change.added or change.removed:
            self.changes[name] = change

    def _check_graphs(self, item: Input) -> None:
        """What a user loads may not pretend to be a source's or the project's own."""
        for graph in self.staging.segments[item.name].graphs:
            if item.kind == "load" and graph.startswith(OWN_GRAPHS) and not graph.startswith(LOADED_GRAPHS):
                raise SourceError(f"{item.title}: the graph {graph} belongs to the project; choose a name of your own")

    @property
    def _changed(self) -> bool:
        """Whether there is anything new; a record can change alone, such as by a new licence."""
        parent = self.staging.parent
        before = parent.manifest.segments if parent else {}
        return self._described != {name: kept for name, kept in before.items() if name != META} or (
            self.records != self.before
        )

    @property
    def _described(self) -> dict[str, Segment]:
        return {name: segment for name, segment in self.staging.segments.items() if name != META}

    def _sign(self, now: datetime) -> None:
        for name, digest in self.code.items():
            self.records.setdefault(name, {})["digest"] = digest
        records.sign(self.records, self._described, self.staging.parent, now=now, tool=provenance.TOOL)

    def _documents(self) -> dict[str, tuple[str, ...]]:
        graphs = (graph for segment in self._described.values() for graph in segment.graphs)
        return outcome.documents(self.staging.store, graphs)
