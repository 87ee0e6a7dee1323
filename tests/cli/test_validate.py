"""`kg validate` as anyone's validator: files, servers and releases, every form of the report, and bad input."""

from __future__ import annotations

import gzip
import json
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from rdflib import Graph

from kg.export import rdf
from kg.store.releases import DataFolder
from kg.validation.report import Report

from .test_commands import kg
from .test_terminal import on_terminal, serving, stopped, until

ROOT = Path(__file__).resolve().parents[2]
PREFIXES = """@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPES = """
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:PersonShape-age ;
    sh:property [ sh:path ex:knows ; sh:nodeKind sh:IRI ; sh:severity sh:Warning ;
                  sh:description "Whom a person knows has a name."@en , "Bekannte haben Namen."@de ] .
ex:PersonShape-age sh:path ex:age ; sh:minCount 1 ; sh:minInclusive 0 ; sh:message "A person has an age, 0 or more." .
"""
PEOPLE = """
ex:ann a ex:Person ; rdfs:label "Ann"@en , "Anna"@de ; ex:age 34 ; ex:knows ex:bob .
ex:bob a ex:Person ; rdfs:label "Bob" ; ex:age -5 ; ex:knows [ ex:age 3 ] .
ex:cy a ex:Person .
ex:dan a ex:Person ; ex:age -1 , -2 .
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shapes.ttl").write_text(PREFIXES + SHAPES, "utf-8")
    (tmp_path / "people.ttl").write_text(PREFIXES + PEOPLE, "utf-8")
    return tmp_path


def validate(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return kg("validate", "--shapes", str(folder / "shapes.ttl"), *options)


def test_a_table_says_which_node_which_rule_which_value_which_file_and_how_many(folder: Path) -> None:
    result = validate(folder, "--data", str(folder / "people.ttl"), "--limit", "2")
    assert result.returncode == 6
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[:3] == [
        "Violation http://example.org/PersonShape-age (4)",
        "A person has an age, 0 or more.",
        "node property value says source",
    ]
    assert f"http://example.org/cy http://example.org/age missing {folder}/people.ttl, line 6" in lines
    assert f"Bob (http://example.org/bob) http://example.org/age -5 {folder}/people.ttl, line 5" in lines
    assert "and 2 more" in lines
    assert "Warning http://example.org/PersonShape, at http://example.org/knows (1)" in lines
    assert "Whom a person knows has a name." in lines
    assert lines[-1] == "4 violations, 1 warning: the data does not conform"


def test_every_form_tells_the_same(folder: Path) -> None:
    data = ("--data", str(folder / "people.ttl"), "--format")
    document = json.loads(validate(folder, *data, "json").stdout)
    assert (document["conforms"], document["targeted"], len(document["results"])) == (False, True, 5)
    assert [(rule["severity"], rule["count"]) for rule in document["rules"]] == [("Violation", 4), ("Warning", 1)]
    (bob,) = (each for each in document["results"] if each["value"] == "-5")
    assert (bob["label"], bob["source"]) == ("Bob", f"{folder}/people.ttl, line 5")
    report = Report.from_graph(Graph().parse(data=validate(folder, *data, "turtle").stdout, format="turtle"))
    assert report.counts() == document["counts"]
    for name in ("ntriples", "jsonld", "trig", "nquads"):
        quads = ox.parse(validate(folder, *data, name).stdout, format=rdf.FORMATS[name])
        turtle = ox.serialize([quad.triple for quad in quads], format=ox.RdfFormat.TURTLE)
        assert len(Report.from_graph(Graph().parse(data=turtle, format="turtle")).results) == 5
    page = validate(folder, *data, "html").stdout
    assert all(text in page for text in ("<style>", "A person has an age, 0 or more.", "4 results", "Bob (http://"))
    assert 'href="/' not in page


def test_what_is_shown_can_be_limited_and_is_counted_in_full(folder: Path) -> None:
    shown = validate(folder, "--data", str(folder / "people.ttl"), "--format", "json", "--limit", "1").stdout
    document = json.loads(shown)
    assert (document["counts"]["Violation"], len(document["results"])) == (4, 2)


def test_data_of_any_syntax_and_packed_and_several_files(folder: Path) -> None:
    quads = list(ox.parse(path=str(folder / "people.ttl")))
    syntaxes = {"nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD, "rdf": ox.RdfFormat.RDF_XML}
    for extension, syntax in syntaxes.items():
        content = ox.serialize([quad.triple for quad in quads], format=syntax)
        assert content is not None
        (folder / f"people.{extension}").write_bytes(content)
        packed = folder / f"packed.{extension}.gz"
        packed.write_bytes(gzip.compress(content))
        for file in (folder / f"people.{extension}", packed):
            result = validate(folder, "--data", str(file), "--format", "json")
            assert json.loads(result.stdout)["counts"] == {"Violation": 4, "Warning": 1, "Info": 0}
    both = ("--data", str(folder / "people.nt"), "--data", str(folder / "people.ttl"), "--format", "json")
    document = json.loads(validate(folder, *both).stdout)
    assert document["counts"] == {"Violation": 4, "Warning": 2, "Info": 0}  # each file has a blank node of its own
    (bob,) = (each for each in document["results"] if each["value"] == "-5")
    where = bob["source"].split("; ")
    assert [place.partition(", line ")[0] for place in where] == [f"{folder}/people.nt", f"{folder}/people.ttl"]
    assert all(", line " in place for place in where)


def test_a_blank_node_stays_blank_and_keeps_its_label(folder: Path) -> None:
    (folder / "one.nt").write_text(
        "_:someone <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/Person> .\n", "utf-8"
    )
    document = json.loads(validate(folder, "--data", str(folder / "one.nt"), "--format", "json").stdout)
    found = [(each["focus"], each["source"]) for each in document["results"]]
    assert found == [("_:someone", str(folder / "one.nt"))]


def test_a_blank_node_is_one_however_large_the_file(folder: Path) -> None:
    person = "_:one <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/Person> .\n"
    others = [f"<http://example.org/{n}> <http://example.org/p> 'x' .\n".replace("'", '"') for n in range(20_000)]
    age = '_:one <http://example.org/age> "7"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    (folder / "large.nt").write_text("".join([person, *others, age]), "utf-8")
    assert validate(folder, "--data", str(folder / "large.nt")).stdout == "no complaints: the data conforms\n"


def test_a_table_is_validated_with_its_rows(folder: Path) -> None:
    (folder / "people.csv").write_text("id,age\nann,34\nbob,-5\n", "utf-8")
    columns = [
        {"name": "id", "suppressOutput": True},
        {"name": "age", "datatype": "integer", "propertyUrl": "http://example.org/age"},
        {"name": "type", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": "http://example.org/Person"},
    ]
    metadata = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": "people.csv",
        "tableSchema": {"columns": columns, "aboutUrl": "http://example.org/{id}", "primaryKey": "id"},
    }
    (folder / "people.csv-metadata.json").write_text(json.dumps(metadata), "utf-8")
    result = validate(folder, "--data", str(folder / "people.csv"), "--format", "json")
    assert [(each["focus"], each["source"]) for each in json.loads(result.stdout)["results"]] == [
        ("http://example.org/bob", "people.csv, row 3")
    ]


def test_graphs_can_be_chosen(folder: Path) -> None:
    trig = f"{PREFIXES} ex:one {{ ex:ann a ex:Person }} ex:two {{ ex:bob a ex:Person ; ex:age 1 }}"
    (folder / "both.trig").write_text(trig, "utf-8")
    for graphs, code in ((["one"], 6), (["two"], 0), (["one", "two"], 6), ([], 6)):
        options = [word for graph in graphs for word in ("--graph", f"http://example.org/{graph}")]
        assert validate(folder, "--data", str(folder / "both.trig"), *options).returncode == code
    unknown = validate(folder, "--data", str(folder / "both.trig"), "--graph", "http://example.org/three")
    assert (unknown.returncode, "no graph http://example.org/three" in unknown.stderr) == (9, True)


def test_shapes_come_from_folders_and_in_any_syntax(folder: Path) -> None:
    (folder / "shapes").mkdir()
    quads = [quad.triple for quad in ox.parse(path=str(folder / "shapes.ttl"))]
    (folder / "shapes" / "some.rdf").write_bytes(ox.serialize(quads, format=ox.RdfFormat.RDF_XML) or b"")
    (folder / "shapes" / "package.json").write_text("{}", "utf-8")
    result = kg("validate", "--shapes", str(folder / "shapes"), "--data", str(folder / "people.ttl"))
    assert "4 violations, 1 warning" in result.stdout


def test_data_that_no_shape_is_about_is_told_apart_from_data_that_is_fine(folder: Path) -> None:
    (folder / "other.ttl").write_text(f"{PREFIXES} ex:a ex:b ex:c .", "utf-8")
    (folder / "fine.ttl").write_text(f"{PREFIXES} ex:a a ex:Person ; ex:age 1 .", "utf-8")
    other, fine = (validate(folder, "--data", str(folder / name)) for name in ("other.ttl", "fine.ttl"))
    assert (other.returncode, "nothing was checked" in other.stdout) == (0, True)
    assert (fine.returncode, fine.stdout) == (0, "no complaints: the data conforms\n")


BROKEN = {
    "no shapes": ("ex:a ex:b ex:c .", 3, "no shape has a target"),
    "no Turtle": ("a b c .", 4, "broken.ttl, line 3"),
    "recursive": (
        "ex:A a sh:NodeShape ; sh:targetClass ex:Person ; sh:property [ sh:path ex:knows ; sh:node ex:A ] .",
        3,
        "http://example.org/A: the shape is recursive",
    ),
    "regular expression": (
        'ex:A a sh:PropertyShape ; sh:targetClass ex:Person ; sh:path ex:name ; sh:pattern "(" .',
        3,
        "broken.ttl: http://example.org/A: the engine rejects the regular expression (",
    ),
    "SERVICE": (
        "ex:A a sh:NodeShape ; sh:targetClass ex:Person ; sh:sparql ex:S . ex:S sh:select "
        '"SELECT $this { SERVICE <http://example.org/> { $this ?p ?o } }" .',
        3,
        "with the data of this store (used by http://example.org/A)",
    ),
    "SERVICE in a validator": (
        "ex:A a sh:NodeShape ; sh:targetClass ex:Person ; sh:property [ sh:path ex:name ; ex:wanted 1 ] . "
        "ex:K a sh:ConstraintComponent ; sh:parameter [ sh:path ex:wanted ] ; sh:validator "
        '[ a sh:SPARQLAskValidator ; sh:ask "ASK { SERVICE <http://example.org/> { $this ?p ?o } }" ] .',
        3,
        "with the data of this store (used by http://example.org/A)",
    ),
}


@pytest.mark.parametrize(("text", "code", "told"), BROKEN.values(), ids=BROKEN)
def test_broken_shapes_are_named_before_any_data_is_read(text: str, code: int, told: str, tmp_path: Path) -> None:
    shapes = tmp_path / "broken.ttl"
    shapes.write_text(f"{PREFIXES}{text}", "utf-8")
    result = kg("validate", "--shapes", str(shapes), "--data", str(tmp_path / "nowhere.ttl"))
    assert (result.returncode, result.stdout) == (code, "")
    assert told in result.stderr
    assert "nowhere" not in result.stderr


def test_broken_data_is_named_with_its_line(folder: Path) -> None:
    (folder / "broken.ttl").write_text(f"{PREFIXES}\nex:a ex:b .", "utf-8")
    wrong = validate(folder, "--data", str(folder / "people.ttl"), "--data", str(folder / "broken.ttl"))
    assert (wrong.returncode, wrong.stdout, "broken.ttl, line 4" in wrong.stderr) == (4, "", True)
    missing = validate(folder, "--data", str(folder / "nowhere.ttl"))
    assert (missing.returncode, "nowhere.ttl: no such file" in missing.stderr) == (4, True)
    both = validate(folder, "--data", "a.ttl", "--store", "http://localhost/")
    assert (both.returncode, "not both" in both.stderr) == (2, True)


@pytest.fixture(scope="session")
def data(data_folder: DataFolder) -> Path:
    return data_folder.layout.root


def test_the_live_release_is_validated_unless_something_else_is_named(data: Path, data_folder: DataFolder) -> None:
    release = data_folder.current()
    assert release is not None
    result = kg("validate", "--format", "json", "--limit", "1", data=data)
    document = json.loads(result.stdout)
    assert (result.returncode, document["counts"]) == (0, dict(release.manifest.validation))
    sources = {each["source"] for each in document["results"] if "DocumentAdvice" in each["shape"]}
    assert any("/tables/documents.csv, row " in (source or "") for source in sources)


def test_a_server_tells_the_same_as_the_release(data: Path, data_folder: DataFolder) -> None:
    here = json.loads(kg("validate", "--format", "json", "--limit", "3", data=data).stdout)
    release = data_folder.current()
    assert release is not None
    with serving(data) as (_, address):
        own = kg("validate", "--store", f"{address}sparql", "--format", "json", "--limit", "3")
        graph = kg("validate", "--store", f"{address}sparql", "--graph", "http://example.org/none")
    assert (own.returncode, graph.returncode) == (0, 9)
    assert document_of(own.stdout) == document_of(json.dumps(here))
    if shutil.which("oxigraph", path=str(Path(sys.executable).parent)):
        with release.hold() as held, oxigraph(held.database, "--union-default-graph") as url:
            theirs = kg("validate", "--store", url, "--format", "json", "--limit", "3")
        assert document_of(theirs.stdout) == document_of(json.dumps(here))


def test_an_empty_default_graph_is_no_valid_data(data_folder: DataFolder) -> None:
    if not shutil.which("oxigraph", path=str(Path(sys.executable).parent)):
        pytest.skip("needs the package oxigraph, a SPARQL server")
    release = data_folder.current()
    assert release is not None
    with release.hold() as held, oxigraph(held.database) as url:
        result = kg("validate", "--store", url)
    assert (result.returncode, "name graphs of it with --graph" in result.stderr) == (7, True)


def document_of(text: str) -> object:
    """A report without the sources, which only the release itself can tell."""
    document = json.loads(text)
    return {**document, "results": [{**each, "source": None} for each in document["results"]]}


@contextmanager
def oxigraph(database: Path, *options: str) -> Iterator[str]:
    """A server that is not ours, on a database."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    command = [str(Path(sys.executable).with_name("oxigraph")), "serve-read-only", "-l", str(database), "-b", bind]

    def answers() -> bool:
        try:
            return httpx.get(f"http://{bind}/").status_code == 200
        except httpx.TransportError:
            return False

    with subprocess.Popen([*command, *options], stderr=subprocess.DEVNULL) as process:
        try:
            until(answers)
            yield f"http://{bind}/query"
        finally:
            process.terminate()


def test_a_server_that_is_not_there_or_none(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        late = kg("validate", "--store", address, "--query-timeout", "0.2")
    assert (late.returncode, "was silent for 0.2 seconds" in late.stderr) == (7, True)
    gone = kg("validate", "--store", address)
    assert (gone.returncode, "cannot be reached" in gone.stderr) == (7, True)
    with serving(data) as (_, address):
        page = kg("validate", "--store", f"{address}health")
    assert (page.returncode, "answers 405" in page.stderr) == (7, True)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, -signal.SIGTERM)])
def test_stopping_the_service_answers_a_running_validation(number: int, code: int, data: Path) -> None:
    query = "SELECT $this { $this ?p ?o . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c = 1 && ?f = 2 && ?i = 3) }"
    shapes = f'{PREFIXES} ex:A a sh:NodeShape ; sh:targetClass ex:P ; sh:sparql ex:S . ex:S sh:select "{query}" .'
    people = PREFIXES + "".join(f"ex:p{n} a ex:P ; ex:age {n} .\n" for n in range(2000))

    def ask() -> httpx.Response:
        files = {"data": ("data.ttl", people), "shapes": ("shapes.ttl", shapes)}
        return httpx.post(f"{address}validate", files=files, timeout=60)

    with serving(data, "--drain", "0") as (process, address), ThreadPoolExecutor() as threads:
        running = threads.submit(ask)
        until(lambda: httpx.get(f"{address}health").json()["workers"]["busy"] == 1)
        told = stopped(process, number)
        assert (running.result().status_code, running.result().json()["code"]) == (503, "stopping")
    assert (process.returncode, "Traceback" in told) == (code, False)


def test_a_narrow_terminal_cuts_nothing(folder: Path, data: Path) -> None:
    (folder / "fine.ttl").write_text(
        f'{PREFIXES} ex:ann a ex:Person ; rdfs:label "Ann"@en ; ex:age 1 ; ex:knows [] .', "utf-8"
    )
    options = ("--shapes", str(folder / "shapes.ttl"), "--data", str(folder / "fine.ttl"))
    shown = on_terminal(60, "validate", *options, data=data)
    assert "node: Ann (http://example.org/ann)\n" in shown
    assert "1 warning: the data conforms" in shown
