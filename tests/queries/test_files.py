"""A query file is checked when it is loaded: each thing that can be wrong with it is refused, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import ConfigError, UnknownQueryError
from kg.queries import find, load, read

GOOD = """#+ summary: Things in an area
#+ question: What is in an area?
#+ parameters:
#+   - {name: area, type: iri, below: id/area/, description: the area, default: NO}
#+   - {name: word, type: string, description: a word, example: fish, optional: true}
#+   - {name: least, type: integer, description: a number, example: "3"}
#+ columns:
#+   - {name: thing, meaning: the thing}
#+   - {name: size, meaning: its size, unit: km}
#+ tags: [test]
#+ source: made up
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?thing ?size WHERE {
  VALUES ?area { <https://w3id.org/techtransfer/id/area/NO> }
  VALUES ?word { UNDEF }
  VALUES ?least { 3 }
  VALUES ?limit { "SERVICE LIMIT" "#" } # SERVICE LIMIT
  { SELECT ?thing ?area WHERE { ?thing ?word ?area } ORDER BY ?thing LIMIT 5 }
  ?thing <http://example.org/service> ?size
}
ORDER BY ?size LIMIT 3
"""


def write(folder: Path, text: str, name: str = "test/things-by-area.rq") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read_as_it_says(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    query = load(tmp_path)["test/things-by-area"]
    assert query.path == path
    assert query.text == GOOD
    assert (query.summary, query.tags) == ("Things in an area", ("test",))
    area, word, least = query.parameters
    assert (area.default, area.required, area.standing) == ("NO", False, "NO")
    assert (word.optional, word.required, word.standing) == (True, False, None)
    assert (least.required, least.standing) == (True, "3")
    assert [(column.name, column.unit) for column in query.columns] == [("thing", None), ("size", "km")]


def test_binding_changes_the_parameters_only(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    bound = load(tmp_path)["test/things-by-area"].bind({"least": "4", "word": "} LIMIT"})
    changed = [line for line, old in zip(bound.splitlines(), GOOD.splitlines(), strict=True) if line != old]
    assert changed == [
        '  VALUES ?word { "} LIMIT" }',
        '  VALUES ?least { "4"^^<http://www.w3.org/2001/XMLSchema#integer> }',
    ]


def test_a_parameter_with_two_lines_is_bound_in_both(tmp_path: Path) -> None:
    line = "  VALUES ?area { <https://w3id.org/techtransfer/id/area/NO> }\n"
    write(tmp_path, GOOD.replace(line, line + line))
    bound = load(tmp_path)["test/things-by-area"].bind({"least": "3", "area": "CN"})
    assert bound.count("id/area/CN>") == 2


WRONG = {
    "no header": (GOOD.replace("#+ ", "# "), 1, "must be a map"),
    "not yaml": (GOOD.replace("summary:", "summary: a: b"), 1, "not YAML"),
    "missing key": (GOOD.replace("#+ source: made up\n", ""), 1, "lacks source"),
    "unknown key": (GOOD.replace("tags:", "tag:"), 10, "no key tag"),
    "wrong kind": (GOOD.replace("[test]", "test"), 10, "tags must be a list"),
    "unknown parameter key": (GOOD.replace("below:", "under:"), 4, "no key under"),
    "unknown type": (GOOD.replace("type: string", "type: text"), 5, "type text is none of boolean"),
    "below without iri": (GOOD.replace("type: string,", "type: string, below: id/,"), 5, "below is for"),
    "no example": (GOOD.replace('example: "3"', "optional: false"), 6, "needs a default or an example"),
    "default and optional": (GOOD.replace("example: fish", "default: fish"), 5, "cannot be optional"),
    "example of another type": (GOOD.replace('"3"', "three"), 6, "expected a whole number"),
    "parameter without line": (GOOD.replace("?word { UNDEF }", '?words { "a" "b" }'), 5, "has no line VALUES"),
    "line without parameter": (
        GOOD.replace('{ "SERVICE LIMIT" "#" } # SERVICE LIMIT', '{ "x" }'),
        17,
        "is no parameter",
    ),
    "another default": (GOOD.replace("area/NO>", "area/SE>"), 14, "does not hold what the header says: NO"),
    "a parameter with several terms": (GOOD.replace("{ 3 }", "{ 3 4 }"), 16, "what the header says: 3"),
    "two blocks in one line": (GOOD.replace("{ 3 }", "{ 3 } VALUES ?more { 4 }"), 6, "has no line VALUES"),
    "block over two lines": (GOOD.replace("{ 3 }", "{ 3 # }\n}"), 16, "must have its line to itself"),
    "an optional one that is set": (GOOD.replace("UNDEF", '"fish"'), 15, "what the header says: UNDEF"),
    "not SPARQL": (GOOD.replace("WHERE {\n", "WHERE\n"), 14, "not SPARQL"),
    "service": (GOOD.replace("  ?thing <", "  SERVICE <http://example.org/> { ?a ?b ?c } ?thing <"), 19, "SERVICE"),
    "service that looks like an IRI": (
        GOOD.replace("  ?thing <", "  FILTER(?a<?b)SERVICE?c#>\n { ?a ?b ?c } ?thing <"),
        1,
        "SERVICE is refused",
    ),
    "limit": (GOOD.replace("ORDER BY ?size ", ""), 21, "LIMIT without ORDER BY"),
    "limit in a sub-select": (GOOD.replace("ORDER BY ?thing ", ""), 18, "LIMIT without ORDER BY"),
    "no order": (GOOD.replace("ORDER BY ?size LIMIT 3", ""), 20, "no ORDER BY after its WHERE"),
    "property that is none": (
        GOOD.replace("?thing <http://example.org/service>", "?thing <https://w3id.org/techtransfer/ontology#refAera>"),
        19,
        "the ontology has no class or property refAera; it has refArea",
    ),
    "value that is no term": (
        GOOD.replace("below: id/area/", "below: 'ontology#'").replace("id/area/NO", "ontology#NO"),
        4,
        "the ontology has no class or property NO",
    ),
    "name of an option": (GOOD.replace("name: word", "name: limit"), 5, "limit is an option of every query"),
    "default outside the values": (
        GOOD.replace("default: NO", "default: NO, values: [CN]"),
        4,
        "none of the values CN",
    ),
    "values without below": (GOOD.replace("example: fish", "example: fish, values: [fish]"), 5, "values are for"),
    "columns": (GOOD.replace("name: size", "name: length"), 7, "the query projects thing, size"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_refused_with_its_line(case: str, tmp_path: Path) -> None:
    text, line, message = WRONG[case]
    assert text != GOOD
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert message in str(caught.value)


def test_a_query_that_gives_triples_is_refused(tmp_path: Path) -> None:
    head = "".join(line for line in GOOD.splitlines(keepends=True) if line.startswith("#+") and "type:" not in line)
    write(tmp_path, head.replace("#+ parameters:\n", "") + "CONSTRUCT WHERE { ?s ?p ?o }\n")
    with pytest.raises(ConfigError, match="a named query is a SELECT query"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["test/Things.rq", "test/things_by_area.rq", "Test/things.rq"])
def test_a_name_is_in_kebab_case(name: str, tmp_path: Path) -> None:
    write(tmp_path, GOOD, name)
    with pytest.raises(ConfigError, match="kebab-case"):
        load(tmp_path)


def test_a_file_of_ones_own_needs_no_header(tmp_path: Path) -> None:
    plain = write(tmp_path, "SELECT ?thing WHERE { ?thing ?p ?o }", "Mine.rq")
    query = read(plain)
    assert [column.name for column in query.columns] == ["thing"]
    assert query.bind({}) == query.text
    assert len(read(write(tmp_path, GOOD, "Mine too.rq")).parameters) == 3


def test_a_file_of_ones_own_is_checked(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the query"):
        read(tmp_path / "none.rq")
    for text, message in (("SELECT", "not SPARQL"), ("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "SERVICE")):
        with pytest.raises(ConfigError, match=message):
            read(write(tmp_path, text, "mine.rq"))


def test_bytes_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "").write_bytes(GOOD.replace("fish", "Fjære").encode("latin-1"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load(tmp_path)


def test_an_unknown_query_is_answered_with_close_names(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    queries = load(tmp_path)
    assert find(queries, "test/things-by-area").name == "test/things-by-area"
    with pytest.raises(UnknownQueryError, match="there is test/things-by-area"):
        find(queries, "test/thing-by-area")
    with pytest.raises(UnknownQueryError, match="no query zzz; kg query lists them all"):
        find(queries, "zzz")


def test_folders_are_read_together(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "ours/test/things.rq")
    write(tmp_path, GOOD, "theirs/mine/things.rq")
    assert list(load(tmp_path / "ours", tmp_path / "theirs")) == ["mine/things", "test/things"]


def test_a_query_cannot_take_the_place_of_another(tmp_path: Path) -> None:
    first = write(tmp_path, GOOD, "ours/test/things.rq")
    second = write(tmp_path, GOOD, "theirs/test/things.rq")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "ours", tmp_path / "theirs")
    assert str(caught.value) == f"{second}, line 1: {first} is the query test/things already; give this another name"


@pytest.mark.parametrize("name", ["things.rq", "test/more/things.rq"])
def test_a_file_that_would_be_passed_over_is_named(name: str, tmp_path: Path) -> None:
    path = write(tmp_path, GOOD, name)
    with pytest.raises(ConfigError, match="in a folder of its family") as caught:
        load(tmp_path)
    assert str(path) in str(caught.value)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no folder of queries .*none"):
        load(tmp_path / "none")
