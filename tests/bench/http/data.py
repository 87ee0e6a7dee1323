"""The data that all servers hold, and the queries that all are asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg import assets, iris, pipeline
from kg.sources import register
from kg.store.releases import DataFolder, Release
from kg.vocabulary import TT

from .. import agreements

YEARS = range(2015, 2024)
AREAS = ("CN", "GB", "US", "JP", "IE", "KR")
MOST_POINTS = 2_000


@dataclass(frozen=True)
class Data:
    """A folder of releases, and its live release as N-Quads."""

    folder: Path
    text: Path
    quads: int


@dataclass(frozen=True)
class Workload:
    """Queries that are asked one after the other, over and over.

    Attributes
    ----------
    repeated
        Whether a query comes again as it is; else each request has a number in a comment, and so is a new one.
    known
        Whether the client has the answer and asks with its entity tag.
    """

    name: str
    queries: tuple[str, ...]
    repeated: bool = False
    known: bool = False


def made(folder: Path, number: int) -> Data:
    """The bundle, through the gate, and a register of so many agreements beside it."""
    data = bundle(folder)
    (item,) = pipeline.from_sources([agreements.register(folder / "tables", number)])
    with data.stage() as staging:  # not through the gate, which would find the faults that the register has
        staging.replace_segment(item.name, item.produce().blocks)
        release = staging.publish(tool="kg bench")
    return Data(data.layout.root, _exported(release, folder / "release.nq"), release.manifest.quads)


def bundle(folder: Path) -> DataFolder:
    """A data folder with the bundle, through the gate."""
    data = DataFolder.open(folder / "data", create=True)
    pipeline.build(
        data, [*pipeline.bundled(), *pipeline.from_sources(register.discover())], assets.turtle_files("shapes")
    )
    return data


def workloads(number: int) -> dict[str, Workload]:
    """Point lookups, medium aggregates, and both of a few queries that come again and again."""
    points = tuple(
        f"SELECT ?p ?o WHERE {{ <{iris.ID}agreement/c{n * 7 % number}> ?p ?o }}"
        for n in range(min(number, MOST_POINTS))
    )
    aggregates = (*map(_channels_of, YEARS), *map(_indicators_of, AREAS))
    few = (*points[:4], *aggregates[:2])
    return {
        "point": Workload("point lookups", points),
        "aggregate": Workload("medium aggregates", aggregates),
        "again": Workload("the same 6 queries", few, repeated=True),
        "known": Workload("the same, If-None-Match", few, repeated=True, known=True),
    }


def runaways() -> tuple[str, ...]:
    """Queries that would run for hours: products, paths without end, a huge regular expression."""
    product = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(5))
    return (
        f"SELECT (COUNT(*) AS ?n) WHERE {{ {product} }}",
        f"SELECT DISTINCT ?s0 ?o4 WHERE {{ {product} }} ORDER BY ?o4",
        "SELECT (COUNT(*) AS ?n) WHERE { ?a (<urn:x>|!<urn:x>)* ?b . ?c (<urn:x>|!<urn:x>)* ?d }",
        f'SELECT ?s0 WHERE {{ {product} FILTER REGEX(CONCAT(STR(?s0), STR(?s1)), "{"(a|b|c)*" * 12}z$") }}',
    )


def _channels_of(year: int) -> str:
    return f"""SELECT ?channel (COUNT(?a) AS ?n) (SUM(?v) AS ?sum) WHERE {{
  ?a <{TT.statedIn}> <{iris.ID}doc/register-{year}> ; <{TT.channel}> ?channel ; <{TT.agreementValue}> ?v
}} GROUP BY ?channel ORDER BY ?channel"""


def _indicators_of(area: str) -> str:
    return f"""SELECT ?indicator (COUNT(?o) AS ?n) (MAX(?v) AS ?most) WHERE {{
  ?o <{TT.refArea}> <{iris.ID}area/{area}> ; <{TT.indicator}> ?indicator ; <{TT.value}> ?v
}} GROUP BY ?indicator ORDER BY ?indicator"""


def _exported(release: Release, target: Path) -> Path:
    with target.open("wb") as file:
        file.writelines(release.lines())
    return target
