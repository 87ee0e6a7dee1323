"""ROR: releases one by one end where the newest records do, and an organization that is withdrawn is kept."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import iris, pipeline
from kg.sources import register
from kg.vocabulary import SKOS, TT

DOWNLOAD = Path(__file__).parent / "registers" / "ror"
RELEASES, NEWEST = "ror_updates_v2schema.jsonl.gz", "ror_v2schema_latest.jsonl.gz"


@pytest.fixture
def downloaded(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DOWNLOAD, tmp_path / "ror"))


def stated(downloaded: Path) -> set[str]:
    """What the register says of organizations, without where it stands."""
    (item,) = pipeline.from_sources([register.find("ror").fetched(downloaded)])
    graph = item.produce().blocks
    lines = b"".join(graph).decode().splitlines()
    return {line for line in lines if line.startswith(f"<{iris.ID}org/") and f"<{iris.GRAPH}source/ror> ." in line}


def released() -> list[str]:
    with gzip.open(DOWNLOAD / RELEASES, "rt", encoding="utf-8") as stream:
        return stream.readlines()


def write(path: Path, lines: list[str]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(lines)


def test_releases_one_by_one_end_where_the_newest_records_do(downloaded: Path) -> None:
    states = []
    for number in range(1, len(released()) + 1):
        write(downloaded / RELEASES, released()[:number])
        states.append(stated(downloaded))
    assert states[0] != states[1] != states[2]
    (downloaded / RELEASES).unlink()
    newest = {record["id"]: record for record in (json.loads(line)["record"] for line in released())}
    write(downloaded / NEWEST, [json.dumps(record) + "\n" for record in newest.values()])
    assert stated(downloaded) == states[-1]


def test_an_organization_that_is_withdrawn_is_kept_and_says_so(downloaded: Path) -> None:
    quads = list(ox.parse("\n".join(stated(downloaded)), format=ox.RdfFormat.N_QUADS))
    withdrawn = [quad.subject for quad in quads if quad.object == ox.NamedNode(iris.concept("code/withdrawn"))]
    assert withdrawn == [ox.NamedNode(iris.identifier("org/ror-00bjskz46"))]
    said = {iris.local(quad.predicate.value): quad.object for quad in quads if quad.subject == withdrawn[0]}
    assert said["succeededBy"] == ox.NamedNode(iris.identifier("org/ror-019gta678"))
    assert TT.organizationStatus in {quad.predicate.value for quad in quads}


def test_what_is_no_number_of_wikidata_is_an_identifier(downloaded: Path) -> None:
    given = {"Belgium": "Belgium", "https://www.wikidata.org/wiki/Q30288108": "", "Q3971859 ": "", "Q1)": "Q1)"}
    key = "https://ror.org/000050t83"
    rows = "".join(f"{key},Wikidata,{value}\n" for value in given)
    for path in downloaded.glob("*.jsonl.gz"):
        path.unlink()
    with gzip.open(downloaded / "ror_orgs.csv.gz", "rt", encoding="utf-8") as stream:
        header, first = stream.readlines()[:2]
    with gzip.open(downloaded / "ror_orgs.csv.gz", "wt", encoding="utf-8") as stream:
        stream.writelines([header, first.replace(first.partition(",")[0], key)])
    with gzip.open(downloaded / "ror_ids.csv.gz", "wt", encoding="utf-8") as stream:
        stream.write("id,name,value\n" + rows)
    quads = list(ox.parse("\n".join(stated(downloaded)), format=ox.RdfFormat.N_QUADS))
    matches = {quad.object.value for quad in quads if quad.predicate.value == SKOS.exactMatch}
    wikidata = "http://www.wikidata.org/entity/"
    assert matches - {key} == {f"{wikidata}Q30288108", f"{wikidata}Q3971859"}
    identifiers = {quad.object.value for quad in quads if quad.predicate.value.endswith("/terms/identifier")}
    assert identifiers == {"Belgium", "Q1)"}
