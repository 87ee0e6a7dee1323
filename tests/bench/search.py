"""Search: an index of organizations made and asked, beside FTS5 as it comes.

The organizations are those of ROR where its files are at hand (``shared/data/ror_registry`` beside the checkout), some
taken twice to make the number; else made up. FTS5 as it comes is a table of names with the tokenizer ``unicode61``,
asked for the beginning of the last word and ordered by ``rank``: neither Chinese words nor names of two languages nor
mistyped ones are found there.
"""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import groupby
from pathlib import Path

import polars as pl

from kg import iris, pipeline
from kg.export import columns
from kg.search import Index, question, search, suggest
from kg.search.building import build
from kg.sources import register
from kg.vocabulary import RDF, RDFS, SKOS, TT

from .harness import Line, short, side_by_side

REGISTRY = Path(__file__).resolve().parents[3] / "shared" / "data" / "ror_registry"
COMMON = (
    "university", "universi", "univ", "un", "u", "institute", "institute of", "institute of technology", "research",
    "research cent", "center for", "hospital", "hospital u", "university of", "university of c", "national", "nat",
    "de", "de l", "technology", "tech", "medical", "college", "international", "the", "of the", "society", "laborat",
    "universidad", "universität", "université", "universitaet", "max planck", "max planck institute for", "oxford",
    "cambr", "stanford", "tsinghua", "清华", "大学", "大", "中国科学院", "東京", "서울", "университет", "جامعة",
    "sa", "s", "a", "e", "company", "gmbh", "inc", "ministry of", "deutsche", "china", "united states",
)  # fmt: skip
MISTYPED = ("univrsity of oxfrod", "standford universty", "massachusets institute", "tsingua", "kyto university")
FEW = 1_000
"""Organizations that are made up rather than picked from the registry, which takes half a minute to read."""
ALIKE = ("University", "Institute", "Hospital", "Centre", "大学", "Universität")


def find_organizations(folder: Path, number: int, runs: int) -> list[Line]:
    """The index made; suggestions for common words and beginnings, for mistyped ones; whole searches with facets."""
    real = REGISTRY.is_dir() and number > FEW
    lines = sorted(_registry(folder, number) if real else _made_up(number))
    names = [(text,) for frame in _frames(lines) for text in frame.filter(pl.col("predicate").is_in(NAMED))["value"]]
    target, raw = folder / "search.sqlite", folder / "raw.sqlite"
    ours, limit = side_by_side(partial(_built, lines, target), partial(_raw, names, raw), runs=max(1, runs - 2))
    size = f"{ours.result:,} things, {target.stat().st_size / 1e6:.0f} MB"
    made = Line("index", size, ours.seconds, limit.seconds, "FTS5's index of the names", ours.result, "thing")
    with Index(target, "00") as index, closing(sqlite3.connect(raw)) as database:
        asked = [
            ("suggest", COMMON, lambda text: suggest(index, question(text))),
            ("suggest, mistyped", MISTYPED, lambda text: suggest(index, question(text))),
            ("search with facets", COMMON, lambda text: search(index, question(text)).hits),
        ]
        return [made, *(_asked(*each, lambda text: _ranked(database, text), runs) for each in asked)]


NAMED = (RDFS.label, SKOS.altLabel)


def _asked(
    what: str,
    texts: Sequence[str],
    ours: Callable[[str], Sequence[object]],
    limit: Callable[[str], Sequence[object]],
    runs: int,
) -> Line:
    """All texts one after another; the size says what the one in the middle took, and the worst."""
    each = {text: min(_seconds(ours, text) for _ in range(runs + 1)) for text in texts}
    one, other = side_by_side(
        lambda: [ours(text) for text in texts], lambda: [limit(text) for text in texts], runs=runs
    )
    worst = max(each, key=lambda text: each[text])
    told = f"median {short(statistics.median(each.values()))}, most {short(each[worst])} ({worst})"
    return Line(what, told, one.seconds, other.seconds, "FTS5 ordered by rank", len(texts), "text")


def _seconds(way: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    way(text)
    return time.process_time() - began


def _built(lines: Sequence[bytes], target: Path) -> int:
    target.unlink(missing_ok=True)
    return build(_frames(lines), target)


def _frames(lines: Sequence[bytes]) -> Iterator[pl.DataFrame]:
    return map(columns.frame, columns.batches(lines, columns.LINES))


def _raw(names: Sequence[tuple[str]], target: Path) -> None:
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(target, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("CREATE VIRTUAL TABLE name USING fts5(text, prefix='1 2 3 4 5')")
        database.execute("BEGIN")
        database.executemany("INSERT INTO name VALUES (?)", names)
        database.execute("COMMIT")


def _ranked(database: sqlite3.Connection, text: str) -> list[tuple[str]]:
    expression = " AND ".join(f'"{word}"' for word in text.split()) + "*"
    return database.execute("SELECT text FROM name WHERE name MATCH ? ORDER BY rank LIMIT 10", (expression,)).fetchall()


def _registry(folder: Path, number: int) -> Iterator[bytes]:
    """Statements about organizations of ROR, as its source maps them; where there are too few, some are taken twice."""
    downloaded = folder / "ror"
    downloaded.mkdir()
    for file in REGISTRY.rglob("*.gz"):
        (downloaded / file.name).symlink_to(file)
    (item,) = pipeline.from_sources([register.find("ror").fetched(downloaded)])
    lines = (line for block in item.produce().blocks for line in bytes(block).splitlines(keepends=True))
    by_subject = groupby(sorted(lines), key=lambda line: line.split(b" ", 1)[0])
    about = [[*group] for subject, group in by_subject if b"/ror-" in subject]
    yield from (line for group in about[:number] for line in group)
    for group in about[: max(0, number - len(about))]:
        yield from (line.replace(b"> ", b"-again> ", 1) for line in group)


def _made_up(number: int) -> Iterator[bytes]:
    for n in range(number):
        thing = f"<{iris.ID}org/{n}>"
        yield f"{thing} <{RDF.type}> <{TT.Organization}> <{iris.GRAPH}bench> .\n".encode()
        yield f'{thing} <{RDFS.label}> "{ALIKE[n % len(ALIKE)]} {n % 997} {n}"@en <{iris.GRAPH}bench> .\n'.encode()
