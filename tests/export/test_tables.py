"""Tables by class hold what the graph says, and their dictionary is enough to get it back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest

from kg import csvw
from kg.export.offers import Offers
from kg.export.tables import DICTIONARY
from kg.store.release import Release
from kg.store.releases import DataFolder
from kg.vocabulary import RDF, XSD

from . import releases

AWKWARD = """
e:a a e:Thing ; e:count 12 , 7 ; e:size 1.25 ; e:day "2020-02-29"^^xsd:date ; e:true true , false ;
    e:label "A"@en , "Ä"@de , "a | b" , "c; d" ; e:part e:b , e:c ; e:one e:b .
e:b a e:Thing , e:Other ; e:count 123456789012345678901234567890 ; e:mixed 1 , "1" , e:a ;
    e:label "" , "x,\\"y\\"\\n2"@en .
e:c a e:Other ; e:day "2020-02-29Z"^^xsd:date ; e:year "2020"^^xsd:gYear ; e:double 1.5e300 .
e:d e:label "of no class" .
e:e a e:Empty ; e:own "p"^^e:type , "q\\n"^^e:type ; e:json "{}"^^rdf:JSON ; e:html "<p>"^^rdf:HTML .
"""

ILL_TYPED = """
e:a a e:Thing ; e:count 7 ; e:size 1.5 ; e:double 1e3 ; e:day "2020-02-29"^^xsd:date ; e:true "1"^^xsd:boolean .
e:b a e:Thing ; e:count "abc"^^xsd:integer ; e:size "x"^^xsd:decimal ; e:double "x"^^xsd:double ;
    e:day "2020-02-31"^^xsd:date ; e:true "x"^^xsd:boolean .
e:c a e:Thing ; e:count "1_000"^^xsd:integer , "" ; e:double "INF"^^xsd:double ; e:true "0"^^xsd:boolean .
e:d a e:Thing ; e:count "50%"^^xsd:integer , " 5 "^^xsd:byte , "many"^^xsd:byte ; e:at "a b"^^xsd:anyURI ;
    e:odd "x"^^xsd:nothing .
"""
MISFITS = {
    *((XSD.integer, text) for text in ("abc", "1_000", "50%")),
    *((f"{XSD.namespace}byte", text) for text in (" 5 ", "many")),
    (XSD.decimal, "x"),
    (XSD.double, "x"),
    (XSD.date, "2020-02-31"),
    (XSD.boolean, "x"),
    (XSD.anyURI, "a b"),
    (f"{XSD.namespace}nothing", "x"),
}
"""What of `ILL_TYPED` is no value of its datatype."""


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = releases.folder(tmp_path_factory.mktemp("tables"))
    return releases.published(folder, {"one": releases.quads("one", AWKWARD), "two": releases.quads("two", AWKWARD)})


@pytest.fixture(scope="module", params=["awkward", "bundle"])
def release(request: pytest.FixtureRequest, awkward: Release, data_folder: DataFolder) -> Release:
    found = data_folder.current() if request.param == "bundle" else awkward
    assert found
    return found


def made(release: Release) -> dict[str, Path]:
    """All files of tables by name."""
    offers = Offers(release)
    offers.shelf.get(offers.counting)
    files = Offers(release).shelf.get(Offers(release).batch("tables"))
    return {name: file.path for name, file in files.items()}


def unpacked(release: Release, place: Path) -> Path:
    """The dictionary with its tables beside it, as somebody has them who took them away."""
    for name, path in made(release).items():
        (place / name.partition("/")[2]).write_bytes(path.read_bytes())
    return place / DICTIONARY.partition("/")[2]


def stated(release: Release) -> Iterator[ox.Triple]:
    """Triples on what has a class, as far as a table can hold them."""
    lines = b"".join(release.merged())
    triples = {quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_QUADS)}
    typed = {triple.subject for triple in triples if triple.predicate.value == RDF.type}
    return (triple for triple in triples if triple.subject in typed and not isinstance(triple.object, ox.Triple))


def as_iri(triple: ox.Triple) -> ox.Triple:
    """A list of IRIs, which CSV on the Web has as literals."""
    value = triple.object
    if isinstance(value, ox.Literal) and value.datatype.value == XSD.anyURI:
        return ox.Triple(triple.subject, triple.predicate, ox.NamedNode(value.value))
    return triple


def mapped(metadata: Path) -> set[ox.Triple]:
    """What tables with a dictionary say."""
    lines = csvw.map(csvw.read(metadata), source="dump", graph="http://example.org/g").lines()
    return {as_iri(quad.triple) for quad in ox.parse("\n".join(lines) + "\n", format=ox.RdfFormat.N_QUADS)}


def test_the_dictionary_leads_back_to_the_triples(release: Release, tmp_path: Path) -> None:
    again = mapped(unpacked(release, tmp_path))
    expected = set(stated(release))
    assert again - expected == set()
    assert expected - again == set()


def test_csv_and_parquet_hold_the_same_things(release: Release) -> None:
    files = made(release)
    names = {name.removesuffix(".csv") for name in files if name.endswith(".csv")}
    assert names == {name.removesuffix(".parquet") for name in files if name.endswith(".parquet")}
    for name in names:
        csv = pl.read_csv(files[f"{name}.csv"], infer_schema=False)
        parquet = pl.read_parquet(files[f"{name}.parquet"])
        assert csv.columns == parquet.columns
        assert csv["id"].to_list() == parquet["id"].to_list()
        assert csv["id"].to_list() == sorted(csv["id"], key="<{}>".format)  # as statements are sorted


def test_values_have_types_and_lists(awkward: Release) -> None:
    things = pl.read_parquet(made(awkward)["tables/Thing.parquet"])
    schema = dict(things.schema)
    assert schema["id_size"] == pl.Float64
    assert schema["id_day"] == pl.Date
    assert schema["id_true"] == pl.List(pl.Boolean)
    assert schema["id_count"] == pl.List(pl.String)  # one is longer than 64 bits
    assert schema["id_part"] == pl.List(pl.String)
    assert schema["id_one"] == pl.String
    assert {name for name in schema if name.startswith("id_mixed")} == {
        "id_mixed_iri",
        "id_mixed_integer",
        "id_mixed_string",
    }
    assert {name for name in schema if "label" in name} == {"id_label_en", "id_label_de", "id_label_string"}
    (first, second) = things.iter_rows(named=True)
    assert (first["id_day"], first["id_size"]) == (date(2020, 2, 29), 1.25)
    assert [value.rpartition("/")[2] for value in first["id_part"]] == ["b", "c"]
    assert (second["id_label_string"], second["id_day"]) == ([""], None)


@pytest.fixture(scope="module")
def ill_typed(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = releases.folder(tmp_path_factory.mktemp("misfits"))
    return releases.published(folder, {"one": releases.quads("one", ILL_TYPED)})


def test_what_is_no_value_of_its_datatype_has_a_column_of_its_own(ill_typed: Release) -> None:
    files = made(ill_typed)
    parquet, csv = pl.read_parquet(files["tables/Thing.parquet"]), pl.read_csv(files["tables/Thing.csv"])
    assert parquet.columns == csv.columns
    assert parquet["id_count_integer"].to_list() == [7, None, None, None]
    assert parquet["id_count_integer_misfit"].to_list() == csv["id_count_integer_misfit"].to_list()
    assert csv["id_count_integer_misfit"].to_list() == [None, "abc", "1_000", "50%"]
    assert parquet["id_count_byte_misfit"].to_list()[3] == [" 5 ", "many"]
    assert parquet["id_day"].to_list() == [date(2020, 2, 29), None, None, None]
    assert csv["id_day_date_misfit"].to_list() == [None, "2020-02-31", None, None]
    assert parquet["id_double"].to_list() == [1000.0, None, float("inf"), None]
    assert parquet["id_true"].to_list() == [True, None, False, None]


def test_tables_with_such_values_are_loaded_without_them(ill_typed: Release, tmp_path: Path) -> None:
    again = mapped(unpacked(ill_typed, tmp_path))
    lost = set(stated(ill_typed)) - again
    assert {(t.object.datatype.value, t.object.value) for t in lost if isinstance(t.object, ox.Literal)} == MISFITS
    assert again <= set(stated(ill_typed))
    assert len(lost) == len(MISFITS)


def test_a_release_of_loaded_tables_gives_the_same_tables_but_for_them(ill_typed: Release, tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    name = ox.NamedNode(f"{releases.EX}one")
    quads = [ox.Quad(*triple, name) for triple in mapped(unpacked(ill_typed, tmp_path / "first"))]
    second = releases.published(releases.folder(tmp_path), {"one": quads})
    before, after = (pl.read_parquet(made(release)["tables/Thing.parquet"]) for release in (ill_typed, second))
    assert before.select(name for name in before.columns if not name.endswith("_misfit")).equals(
        after.rename({"id_count": "id_count_integer"}, strict=False).select(
            name for name in before.columns if not name.endswith("_misfit")
        )
    )


def test_the_dictionary_says_what_columns_mean(data_folder: DataFolder) -> None:
    found = data_folder.current()
    assert found
    group = json.loads(made(found)[DICTIONARY].read_text("utf-8"))
    (table,) = (table for table in group["tables"] if table["url"] == "Observation.csv")
    assert table["dc:title"] == "observation"
    (value,) = (column for column in table["tableSchema"]["columns"] if column["name"] == "tt_value")
    assert value["datatype"] == "decimal"
    assert value["dc:description"]
    described = [column for table in group["tables"] for column in table["tableSchema"]["columns"]]
    assert all(column.keys() & {"propertyUrl", "suppressOutput"} for column in described)


def test_a_datatype_of_ones_own_is_named(tmp_path: Path) -> None:
    text = 'e:a a e:Thing ; e:own "p"^^e:type .'
    files = made(releases.published(releases.folder(tmp_path), {"one": releases.quads("one", text)}))
    (table,) = json.loads(files[DICTIONARY].read_text("utf-8"))["tables"]
    assert table["tableSchema"]["columns"][1]["datatype"] == {"base": "string", "@id": f"{releases.EX}type"}


def test_tables_are_linked_where_nothing_changed(tmp_path: Path) -> None:
    folder = releases.folder(tmp_path)
    first = releases.published(folder, {"one": releases.quads("one", AWKWARD)})
    before = made(first)
    releases.published(folder, {})
    third = releases.published(folder, {"one": releases.quads("one", AWKWARD)})
    assert all(path.samefile(before[name]) for name, path in made(third).items())
