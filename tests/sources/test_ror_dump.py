"""ROR's data dump as it is published: read from its archive in pieces, and named with the record where it is wrong."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import iris, pipeline
from kg.errors import SourceFormatError, SourceUnavailableError
from kg.sources import register
from kg.sources.ror import files
from kg.vocabulary import SKOS, TT

FOLDER = Path(__file__).parent / "registers" / "ror"
FIRST, RELEASES = "ror_v1schema_latest.jsonl.gz", "ror_updates_v2schema.jsonl.gz"
NAME = "v1.62-2025-03-27-ror-data"


def records(name: str) -> list[Any]:
    with gzip.open(FOLDER / name, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def newest() -> list[Any]:
    """The records of schema 2, each as its last release has it."""
    return list({each["record"]["id"]: each["record"] for each in records(RELEASES)}.values())


def archive(path: Path, **members: object) -> Path:
    """A zip archive whose members have these endings after the name of the release; texts as JSON, indented."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for ending, content in members.items():
            text = content if isinstance(content, bytes) else json.dumps(content, indent=4, ensure_ascii=False).encode()
            packed.writestr(NAME + ending.replace("__", "."), text)
    return path


def lines(place: Path) -> set[str]:
    (item,) = pipeline.from_sources([register.find("ror").fetched(place)])
    return set(b"".join(item.produce().blocks).decode().splitlines())


def stated(place: Path) -> set[str]:
    """What is said of organizations and areas, without where it stands."""
    about = (f"<{iris.ID}org/", f"<{iris.ID}area/")
    return {line for line in lines(place) if line.startswith(about) and "#row=" not in line}


def test_the_archive_gives_what_its_records_give_by_the_line(tmp_path: Path) -> None:
    dump = archive(tmp_path / f"{NAME}.zip", __csv=b"id\n", _schema_v2__json=newest(), __json=[{"id": "of schema 1"}])
    (tmp_path / "lines").mkdir()
    (tmp_path / "lines" / RELEASES).write_bytes((FOLDER / RELEASES).read_bytes())
    assert stated(dump) == stated(tmp_path / "lines") != set()
    assert any(f"<{iris.ID}doc/ror-dump#row=1>" in line for line in lines(dump))


def test_json_of_either_schema_may_lie_in_a_folder_unpacked(tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    (tmp_path / "lines").mkdir()
    (tmp_path / "dump" / f"{NAME}.json").write_text(json.dumps(records(FIRST)), "utf-8-sig")
    (tmp_path / "lines" / FIRST).write_bytes((FOLDER / FIRST).read_bytes())
    assert stated(tmp_path / "dump") == stated(tmp_path / "lines") != set()


def named(key: str, name: str) -> dict[str, Any]:
    return {"id": f"https://ror.org/{key}", "names": [{"value": name, "types": ["ror_display"]}], "status": "active"}


def label(place: Path) -> str:
    """The label of the only organization."""
    quads = ox.parse("\n".join(stated(place)), format=ox.RdfFormat.N_QUADS)
    (found,) = (quad.object.value for quad in quads if quad.predicate.value.endswith("#label"))
    return found


@pytest.mark.parametrize(("dumps", "expected"), [
    (["v1.44-ror-data"], "v1.100"),
    (["v1.100-ror-data"], "v1.100-ror-data"),
    (["v1.9-ror-data", "v1.101-ror-data", "v1.20-ror-data"], "v1.101-ror-data"),
    (["ror-data"], "ror-data"),
])  # fmt: skip
def test_a_dump_stands_between_the_releases_before_and_after_it(
    dumps: list[str], expected: str, tmp_path: Path
) -> None:
    key = "006xxv571"
    released = [json.dumps({"release": name, "record": named(key, name)}) + "\n" for name in ("v1.45", "v1.100")]
    with gzip.open(tmp_path / RELEASES, "wt", encoding="utf-8") as stream:
        stream.writelines(released)
    for name in dumps:
        (tmp_path / f"{name}.json").write_text(json.dumps([named(key, name)]), "utf-8")
    assert label(tmp_path) == expected


GOOD = b'{"id": "https://ror.org/006xxv571", "names": [{"value": "A", "types": []}], "status": "active"}'
WRONG = {
    "ends in a record": (b"[" + GOOD + b"," + GOOD[:40], "record 2: the file ends in the middle of it"),
    "ends in a text": (b"[" + GOOD[:13], "record 1: the file ends in the middle of it"),
    "ends after a record": (b"[" + GOOD, "record 1: the array ends here: it was not fetched whole"),
    "ends after a comma": (b"[" + GOOD + b",", "record 2: the array ends here"),
    "nothing": (b" \n", "expected an array of records ([…]), found nothing"),
    "an object": (GOOD, "expected an array of records ([…]), found {"),
    "a page": (b"<html>", "expected an array of records ([…]), found <"),
    "a number": (b"[" + GOOD + b", 7]", "record 2: expected an object, found 7"),
    "no comma": (b"[" + GOOD + GOOD + b"]", "record 1: expected , or ] after it, found {"),
    "more": (b"[" + GOOD + b"] []", "record 1: expected nothing after the array, found ["),
    "not JSON": (b'[{"id": tru}]', "record 1: is not JSON"),
    "no id": (b"[" + GOOD + b', {"names": []}]', "record 2: has no id; expected https://ror.org/"),
    "other id": (b'[{"id": "grid.1"}]', "record 1: has the id 'grid.1'; expected https://ror.org/"),
    "other type": (b"[" + GOOD + b"," + GOOD[:-1] + b', "established": "old"}]', "record 2: is no record of ROR's"),
    "Latin 1": (b"[" + GOOD + b"," + GOOD.replace(b'"A"', b'"\xe9"') + b"]", "record 2: is not UTF-8"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "json: is not UTF-8"),
    "nested": (b"[" + GOOD + b',{"id":' + b"[" * 200_000, "record 2: is nested too deeply"),
}  # fmt: skip


@pytest.mark.parametrize("fault", WRONG)
def test_what_is_wrong_is_named_with_file_and_record(fault: str, tmp_path: Path) -> None:
    content, message = WRONG[fault]
    dump = archive(tmp_path / f"{NAME}.zip", __json=content)
    with pytest.raises(SourceFormatError, match=f"{NAME}.*{re.escape(message)}"):
        lines(dump)


def test_archives_without_a_dump_or_damaged_are_named(tmp_path: Path) -> None:
    path = tmp_path / f"{NAME}.zip"
    with pytest.raises(SourceFormatError, match=r"expected the JSON of ROR's data dump, found v1.*\.csv"):
        lines(archive(path, __csv=b"id\n"))
    with pytest.raises(SourceFormatError, match=r"expected the JSON of ROR's data dump, found .*a\.json, .*b\.json"):
        lines(archive(path, a__json=b"[]", b__json=b"[]"))
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(SourceFormatError, match=r"is no zip archive .* get it again"):
        lines(path)
    with pytest.raises(SourceFormatError, match=r"unpack to more than [\d,]+, which no table does"):
        lines(archive(path, __json=b"[" + b" " * (70 << 20)))
    (other := tmp_path / "registry.zip").write_bytes(b"")
    with pytest.raises(SourceUnavailableError, match=r"reads no file called registry\.zip; it reads \*ror-data\*\.zip"):
        register.find("ror").fetched(other).complete()


def test_a_line_without_an_end_is_not_read_to_it(tmp_path: Path) -> None:
    (tmp_path / "records.jsonl").write_bytes(b"{}\n" + b"x" * (18 << 20))
    with pytest.raises(SourceFormatError, match=r"records.jsonl, line 2: is longer than"):
        list(files.lines(tmp_path / "records.jsonl"))


def test_lines_are_named_by_number(tmp_path: Path) -> None:
    path = tmp_path / FIRST
    good = json.dumps(records(FIRST)[0]).encode()
    for bad, message in ((b'{"id": 1', "record 2: is no record of ROR's"), (b"\xff", "record 2: is not UTF-8")):
        path.write_bytes(gzip.compress(good + b"\n" + bad + b"\n"))
        with pytest.raises(SourceFormatError, match=f"{FIRST}: {message}"):
            lines(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(), JSON, max_size=4), max_size=5), st.integers(1, 40), st.booleans())
def test_an_array_is_cut_into_its_objects_wherever_pieces_end(held: list[Any], size: int, indented: bool) -> None:
    content = json.dumps(held, ensure_ascii=False, indent=2 if indented else None).encode("utf-8", "surrogatepass")
    pieces = (content[at : at + size] for at in range(0, len(content), size))
    found = [(number, json.loads(text)) for number, text in files.array(pieces, "a.json")]
    assert found == list(enumerate(held, 1))


def test_no_more_of_an_array_is_asked_for_than_the_record_needs() -> None:
    asked = 0

    def content() -> Iterator[bytes]:
        nonlocal asked
        yield b"["
        for _ in range(1000):
            asked += 1
            yield GOOD + b",\n"

    found = files.array(content(), "a.json")
    for number in range(1, 500):
        assert next(found)[0] == number
        assert asked <= number + 1


def place(quads: list[ox.Quad], key: str) -> dict[str, str]:
    area = iris.identifier(f"area/{key}")
    return {iris.local(q.predicate.value): q.object.value for q in quads if q.subject.value == area}


def located(number: int, *, city: str, key: int, region: str | None, name: str = "") -> dict[str, Any]:
    details = {"name": city, "country_code": "FR", "country_subdivision_code": region, "country_subdivision_name": name}
    where = [{"geonames_id": key, "geonames_details": details}]
    return named(f"0{number:08}", f"N{number}") | {"locations": where}


def test_an_organization_leads_to_its_city_and_that_to_region_and_country(tmp_path: Path) -> None:
    held = [
        located(1, city="Lyon", key=2996944, region="ARA", name="Rhône-Alpes"),
        located(2, city="Lyon", key=2996944, region="ARA", name="Auvergne-Rhône-Alpes"),
        located(3, city="Lyons", key=2996944, region="ARA", name="Auvergne-Rhône-Alpes"),
        located(4, city="Lyon", key=2996944, region=None),
        located(5, city="Nice", key=2990440, region=None),
    ]
    (tmp_path / f"{NAME}.json").write_text(json.dumps(held), "utf-8")
    quads = list(ox.parse("\n".join(stated(tmp_path)), format=ox.RdfFormat.N_QUADS))
    homes = [quad.object.value for quad in quads if quad.predicate.value == TT.homeArea]
    assert sorted(homes) == sorted(iris.identifier(f"area/geonames-{n}") for n in [2990440, *[2996944] * 4])
    lyon = place(quads, "geonames-2996944")
    assert (lyon["label"], lyon["withinArea"]) == ("Lyon", iris.identifier("area/FR-ARA"))
    assert lyon[iris.local(SKOS.exactMatch)] == "https://sws.geonames.org/2996944/"
    region = place(quads, "FR-ARA")
    assert (region["label"], region["withinArea"]) == ("Auvergne-Rhône-Alpes", iris.identifier("area/FR"))
    assert place(quads, "geonames-2990440")["withinArea"] == iris.identifier("area/FR")
    (tmp_path / f"{NAME}.json").write_text(json.dumps(held[::-1]), "utf-8")
    assert stated(tmp_path) == {str(line) for line in map(canonical, quads)}


def canonical(quad: ox.Quad) -> str:
    return ox.serialize([quad], format=ox.RdfFormat.N_QUADS).decode().strip()


def test_areas_of_the_projects_own_table_are_described_there(tmp_path: Path) -> None:
    record = located(1, city="Beijing", key=1816670, region="BJ", name="Beijing")
    record["locations"][0]["geonames_details"]["country_code"] = "CN"
    (tmp_path / f"{NAME}.json").write_text(json.dumps([record]), "utf-8")
    quads = list(ox.parse("\n".join(stated(tmp_path)), format=ox.RdfFormat.N_QUADS))
    assert place(quads, "geonames-1816670")["withinArea"] == iris.identifier("area/CN-BJ")
    assert place(quads, "CN-BJ") == {}
