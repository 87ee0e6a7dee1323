"""An index made from the statements of a release: one SQLite file, its rows in order of importance.

Things are written aside as they come, with what is said of them, and links counted there; then they are read again, the
most important first, numbered, and their words given to FTS5. Memory stays the same whatever the size: what sorts and
counts does so on disk.

::

    thing(id, iri, content)     names, texts and identifiers as JSON; by importance
    facet(id, classes, areas, years)   numbers of sets in ``sets``: narrow, since it is counted over
    known(hash, id)             whole names, identifiers and IRIs, by a hash of their folded form
    named, told                 FTS5 over the words of names, and of names and texts of things that have texts
    word(word, things), backwards(word)   words of names, for those who type them wrongly (`kg.search.near`)
    about(name, value)          what this is

FTS5 keeps for each word the numbers of its things and nothing else (``content=''``, ``detail=none``): phrases and
columns are looked at afterwards, in the few things that are shown.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from kg import iris
from kg.search.folding import FACET, START, analysed, fold, identifiers, is_run, words
from kg.search.importance import importance, weight
from kg.search.things import Thing, area_of, country_of, things
from kg.vocabulary import RDF, TT

KINDS = ("class", "country", "year")
"""The facets, in the order in which a thing has them."""
PREFIXES = 5
"""Up to so many characters the beginning of a word is looked up like a word; longer ones are put together (3 ms)."""
SHORTEST = 4
"""Letters of a word for which near ones are looked up."""
_FTS = "content='', columnsize=0, detail=none, tokenize='ascii'"
_SCHEMA = f"""
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, content TEXT NOT NULL);
CREATE TABLE facet (id INTEGER PRIMARY KEY, classes INTEGER, areas INTEGER, years INTEGER);
CREATE TABLE sets (id INTEGER PRIMARY KEY, content TEXT NOT NULL);
CREATE TABLE known (hash INTEGER, id INTEGER, PRIMARY KEY (hash, id)) WITHOUT ROWID;
CREATE TABLE word (word TEXT PRIMARY KEY, things INTEGER) WITHOUT ROWID;
CREATE TABLE backwards (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE VIRTUAL TABLE named USING fts5(words, {_FTS}, prefix='{" ".join(map(str, range(1, PREFIXES + 1)))}');
CREATE VIRTUAL TABLE told USING fts5(words, {_FTS});
"""
_ASIDE = """
CREATE TABLE aside.thing (hash INTEGER, iri TEXT, weight REAL, content TEXT, facets TEXT);
CREATE TABLE aside.known (hash INTEGER, id INTEGER);
CREATE TABLE aside.within (area TEXT PRIMARY KEY, wider TEXT);
CREATE TABLE aside.link (hash INTEGER PRIMARY KEY, links INTEGER);
"""
_IN_ORDER = """
SELECT thing.iri, thing.content, thing.facets
FROM aside.thing AS thing LEFT JOIN aside.link AS link ON link.hash = thing.hash
ORDER BY importance(thing.weight, coalesce(link.links, 0)) DESC, thing.iri
"""
_BATCH = 5_000
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_CACHE_KIB = 32 * 1024


def build(frames: Iterable[pl.DataFrame], target: Path) -> int:
    """Write the index of statements to a file that is not there; how many things it has.

    Parameters
    ----------
    frames
        As `kg.export.columns.frames` gives them.

    Raises
    ------
    OSError
        The disk is full, or the file cannot be written.
    """
    aside = target.with_name(f"{target.name}.aside")
    try:
        with closing(sqlite3.connect(target, isolation_level=None)) as database:
            return _build(database, frames, aside)
    except sqlite3.OperationalError as error:
        raise OSError(f"SQLite: {error}") from error
    finally:
        aside.unlink(missing_ok=True)


def _build(database: sqlite3.Connection, frames: Iterable[pl.DataFrame], aside: Path) -> int:
    database.execute("ATTACH ? AS aside", (str(aside),))
    for schema in ("main", "aside"):  # what fails is thrown away as a whole
        database.execute(f"PRAGMA {schema}.journal_mode = OFF")
        database.execute(f"PRAGMA {schema}.synchronous = OFF")
        database.execute(f"PRAGMA {schema}.cache_size = -{_CACHE_KIB}")
    database.execute("PRAGMA temp_store = FILE")
    database.create_function("importance", 2, importance, deterministic=True)
    database.executescript(_SCHEMA + _ASIDE)
    database.execute("BEGIN")
    for frame in frames:
        _put_aside(database, frame)
    wider = dict(database.execute("SELECT area, wider FROM aside.within"))
    number = _Numbered(database, wider).take(database.execute(_IN_ORDER))
    _count_words(database)
    for table in ("named", "told"):
        database.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608
    database.execute("INSERT INTO about VALUES ('things', ?)", (str(number),))
    database.execute("COMMIT")
    database.execute("DETACH aside")
    return number


def _put_aside(database: sqlite3.Connection, frame: pl.DataFrame) -> None:
    links = (
        frame.lazy()
        .filter(
            pl.col("kind") == "iri",
            pl.col("first"),
            pl.col("predicate") != RDF.type,
            pl.col("graph") != iris.GRAPH_META,
        )
        .group_by("value")
        .len()
        .collect()
    )
    database.executemany(
        "INSERT INTO aside.link VALUES (?, ?) ON CONFLICT DO UPDATE SET links = links + excluded.links",
        ((hashed(iri), number) for iri, number in links.iter_rows()),
    )
    within = frame.filter(pl.col("predicate") == TT.withinArea, pl.col("kind") == "iri").select("subject", "value")
    database.executemany(
        "INSERT INTO aside.within VALUES (?, ?) ON CONFLICT DO UPDATE SET wider = min(wider, excluded.wider)",
        ((area_of(area), area_of(whole)) for area, whole in within.iter_rows()),
    )
    database.executemany(
        "INSERT INTO aside.thing VALUES (?, ?, ?, ?, ?)",
        (
            (hashed(thing.iri), thing.iri, weight(thing.classes) - thing.faded, *packed(thing))
            for thing in things(frame)
        ),
    )


@dataclass
class _Numbered:
    """What puts things into the tables, one after another."""

    database: sqlite3.Connection
    wider: Mapping[str, str]
    sets: dict[str, int] = field(default_factory=dict)

    def take(self, rows: Iterable[tuple[str, str, str]]) -> int:
        """Number things that come in order; how many there were."""
        number, pending = 0, iter(rows)
        while batch := list(islice(pending, _BATCH)):
            self._put([_Entry(*row, number + place, self.wider) for place, row in enumerate(batch, 1)])
            number += len(batch)
        many = self.database.executemany
        many("INSERT INTO sets VALUES (?, ?)", ((place, content) for content, place in self.sets.items()))
        self.database.execute("INSERT INTO known SELECT DISTINCT hash, id FROM aside.known ORDER BY hash, id")
        return number

    def _put(self, batch: Sequence[_Entry]) -> None:
        many, insert = self.database.executemany, "INSERT INTO {} (rowid, words) VALUES (?, ?)"
        many("INSERT INTO thing VALUES (?, ?, ?)", ((each.number, each.iri, each.content) for each in batch))
        many("INSERT INTO facet VALUES (?, ?, ?, ?)", ((each.number, *map(self._set, each.sets)) for each in batch))
        many("INSERT INTO aside.known VALUES (?, ?)", ((hash_, each.number) for each in batch for hash_ in each.hashes))
        many(insert.format("named"), ((each.number, " ".join(each.tokens)) for each in batch))
        many(insert.format("told"), ((each.number, " ".join(each.told())) for each in batch if each.thing.texts))

    def _set(self, members: Sequence[str | int]) -> int:
        return self.sets.setdefault(_encoded(members), len(self.sets) + 1)


class _Entry:
    """A thing with all by which it is found, its names folded once."""

    def __init__(self, iri: str, content: str, facets: str, number: int, wider: Mapping[str, str]) -> None:
        self.iri, self.content, self.number = iri, content, number
        classes, areas, years = json.loads(facets)
        self.sets: list[list[str | int]] = [classes, sorted({country_of(area, wider) for area in areas}), years]
        self.thing = unpacked(iri, content, *self.sets)
        self.hashes = [hashed(f"id {form}") for text in (iri, *self.thing.identifiers) for form in identifiers(text)]
        pairs = zip(KINDS, self.sets, strict=True)
        self.tokens = dict.fromkeys(facet(kind, str(each)) for kind, members in pairs for each in members)
        for text, _, _ in self.thing.names:
            words, found = analysed(text)
            self.hashes.append(hashed(f"name {' '.join(words) or whole(text)}"))
            self.tokens |= dict.fromkeys((*found, *(f"{START}{first}" for first in words[:1])))

    def told(self) -> Iterable[str]:
        """The tokens of its texts as well."""
        return dict.fromkeys((*self.tokens, *(token for text, _ in self.thing.texts for token in analysed(text)[1])))


@lru_cache(maxsize=4096)
def facet(kind: str, value: str) -> str:
    """The token of a facet: a hash, since values hold anything."""
    return f"{FACET}{hashlib.blake2b(f'{kind} {value}'.encode(), digest_size=8).hexdigest()}"


def whole(text: str) -> str:
    """A name as it is compared with another: its words with one space between; what has no words as it stands.

    Examples
    --------
    >>> whole("  Universität,  Zürich "), whole("C++"), whole("++")
    ('universitat zurich', 'c', '++')
    """
    return " ".join(words(text)) or fold(text).strip()


def hashed(text: str) -> int:
    """A hash of 64 bits with a sign, the same everywhere."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)


def packed(thing: Thing) -> tuple[str, str]:
    """A thing as JSON, without its IRI and how faded it is: by what it is found, and its facets, sorted."""
    content = (thing.names, thing.texts, thing.identifiers)
    facets = (sorted(thing.classes), sorted(thing.areas), sorted(thing.years))
    return _encoded(content), _encoded(facets)


def unpacked(iri: str, content: str, *facets: Iterable[Any]) -> Thing:
    """A thing from its IRI, its JSON and the members of its sets."""
    names, texts, known = json.loads(content)
    classes, areas, years = facets
    named = [(text, tag, kind) for text, tag, kind in names]
    return Thing(iri, named, texts, known, [*classes], [*areas], [*years])


def _count_words(database: sqlite3.Connection) -> None:
    """Count in how many things each word of names occurs; FTS5 knows."""
    database.execute("CREATE VIRTUAL TABLE temp.counted USING fts5vocab(main, named, row)")
    rows = database.execute("SELECT term, doc FROM temp.counted")
    while batch := rows.fetchmany(_BATCH):
        counted = [(word, number) for word, number in batch if word[0] not in (START, FACET)]
        database.executemany("INSERT INTO word VALUES (?, ?)", counted)
        near = ((word[::-1],) for word, _ in counted if len(word) >= SHORTEST and not is_run(word))
        database.executemany("INSERT OR IGNORE INTO backwards VALUES (?)", near)
    database.execute("DROP TABLE temp.counted")
