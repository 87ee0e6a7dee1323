"""Sources are found by their folders; what is wrong in a source.toml is said with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import SourceFormatError, SourceUnavailableError
from kg.sources import register

GOOD = 'title = "A"\npublisher = "B"\nlicence = "CC0-1.0"\n'


def source(place: Path, name: str, toml: str = GOOD) -> Path:
    folder = place / name
    (folder / "tables").mkdir(parents=True)
    (folder / "source.toml").write_text(toml, encoding="utf-8")
    (folder / "tables" / "csv-metadata.json").write_text('{"tables": []}', encoding="utf-8")
    return folder


def test_bundled_sources() -> None:
    found = {item.name: item.graph for item in register.discover()}
    base = "https://w3id.org/techtransfer/graph/"
    assert found["registry"] == f"{base}registry"
    assert found["judgements"] == f"{base}judgements"
    assert found["seed-articles"] == f"{base}source/seed-articles"
    assert list(found) == sorted(found)


def test_a_source_describes_itself(tmp_path: Path) -> None:
    source(tmp_path, "one", GOOD + 'language = "en"\nname = "one"\n\n[expect]\nfigures = 3\n')
    (found,) = register.discover([tmp_path])
    assert (found.title, found.publisher, found.licence, found.language) == ("A", "B", "CC0-1.0", "en")
    assert found.metadata == tmp_path / "one" / "tables" / "csv-metadata.json"
    assert found.expected == (("figures", 3),)


def test_find_names_the_closest(tmp_path: Path) -> None:
    source(tmp_path, "articles")
    assert register.find("articles", [tmp_path]).name == "articles"
    with pytest.raises(SourceUnavailableError, match=r"did you mean articles\?"):
        register.find("artikles", [tmp_path])
    with pytest.raises(SourceUnavailableError, match="known: articles"):
        register.find("zzz", [tmp_path])


WRONG = {
    "unknown key": (GOOD + 'licens = "x"\n', "unknown key licens; known: description"),
    "no licence": ('title = "A"\npublisher = "B"\n', "has no licence; add it"),
    "wrong type": (GOOD + "language = 1\n", "language: expected a text, found 1"),
    "other name": (GOOD + 'name = "two"\n', "the source is called 'two': name and folder have to be one"),
    "graph": (GOOD + '[graph]\nname = "ontology"\n', "[graph] name is 'ontology': leave it out for source/one"),
    "graph key": (GOOD + '[graph]\nnaem = "registry"\n', "unknown key naem; known: name"),
    "graph type": (GOOD + 'graph = "registry"\n', "expected a table with name, found 'registry'"),
    "rows": (GOOD + '[expect]\nfigures = "3"\n', "[expect] figures: expected a number of rows, found '3'"),
    "expect type": (GOOD + "expect = 3\n", "[expect]: expected tables and their rows, found 3"),
    "no TOML": ("title = ", "is not TOML in UTF-8"),
}


@pytest.mark.parametrize(("toml", "message"), WRONG.values(), ids=WRONG)
def test_wrong_toml(tmp_path: Path, toml: str, message: str) -> None:
    source(tmp_path, "one", toml)
    with pytest.raises(SourceFormatError) as raised:
        register.discover([tmp_path])
    assert str(raised.value).startswith(f"one/source.toml: {message}")


def test_wrong_folders(tmp_path: Path) -> None:
    source(tmp_path / "first", "My Source")
    with pytest.raises(SourceFormatError, match="small letters, digits and hyphens"):
        register.discover([tmp_path / "first"])
    (source(tmp_path / "second", "one") / "source.toml").unlink()
    with pytest.raises(SourceFormatError, match=r"one/source\.toml: is missing although there is tables"):
        register.discover([tmp_path / "second"])
    with pytest.raises(SourceUnavailableError, match="the folder of sources"):
        register.discover([tmp_path / "third"])


def test_two_sources_of_one_graph(tmp_path: Path) -> None:
    source(tmp_path, "one", GOOD + '[graph]\nname = "registry"\n')
    source(tmp_path, "two", GOOD + '[graph]\nname = "registry"\n')
    with pytest.raises(SourceFormatError, match=r"two/source\.toml: writes .*graph/registry, as .*one does"):
        register.discover([tmp_path])


def test_advice_on_two_sources_of_one_graph(tmp_path: Path) -> None:
    source(tmp_path / "a", "one", GOOD + '[graph]\nname = "registry"\n')
    source(tmp_path / "a", "two", GOOD + '[graph]\nname = "registry"\n')
    source(tmp_path / "b", "three")
    source(tmp_path / "c", "three")
    with pytest.raises(SourceFormatError, match=r"leave \[graph\] out of one of the two files"):
        register.discover([tmp_path / "a"])
    with pytest.raises(SourceFormatError, match="rename one of the two folders"):
        register.discover([tmp_path / "b", tmp_path / "c"])


def test_rows_are_expected_of_tables_that_are_there(tmp_path: Path) -> None:
    folder = source(tmp_path, "one", GOOD + "[expect]\nfigure = 3\n")
    metadata = '{"tables": [{"url": "figures.csv", "tableSchema": {"columns": []}}]}'
    (folder / "tables" / "csv-metadata.json").write_text(metadata, encoding="utf-8")
    (found,) = register.discover([tmp_path])
    with pytest.raises(SourceFormatError, match=r"one/source\.toml: \[expect\] figure: there .* known: figures"):
        found.digest()


@pytest.mark.parametrize("text", ['{"tables": 5}', "[]", '{"tables": null}', "{", "\xff"])
def test_metadata_without_a_list_of_tables(text: str, tmp_path: Path) -> None:
    folder = source(tmp_path, "one")
    (folder / "tables" / "csv-metadata.json").write_text(text, encoding="latin-1")
    (found,) = register.discover([tmp_path])
    with pytest.raises(SourceFormatError, match=r"^one/tables/csv-metadata\.json: "):
        found.digest()


UNREADABLE = Path("/proc/self/mem")


@pytest.mark.skipif(not UNREADABLE.exists(), reason="needs a file that even its owner cannot read")
def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    folder = source(tmp_path, "one")
    (found,) = register.discover([tmp_path])
    (folder / "tables" / "t.csv").symlink_to(UNREADABLE)
    with pytest.raises(SourceUnavailableError, match=r"^one/tables/t\.csv cannot be read: "):
        found.digest()
    (folder / "source.toml").unlink()
    (folder / "source.toml").symlink_to(UNREADABLE)
    with pytest.raises(SourceUnavailableError, match=r"^one/source\.toml cannot be read: "):
        register.discover([tmp_path])


def test_the_digest_changes_with_every_file_and_with_nothing_else(tmp_path: Path) -> None:
    folder = source(tmp_path, "one")
    metadata = folder / "tables" / "csv-metadata.json"
    metadata.write_text('{"tables": [{"url": "t.csv", "tableSchema": "../../shared.json"}]}', encoding="utf-8")
    shared, table = tmp_path / "shared.json", folder / "tables" / "t.csv"
    digests = set()
    inline = '{"url": "t.csv", "tableSchema": {"columns": []}}'
    for path, content in ((shared, "{}"), (table, "a\n"), (table, "b\n"), (shared, "{ }"), (metadata, inline)):
        path.write_text(content, encoding="utf-8")
        digests.add(register.find("one", [tmp_path]).digest())
    assert len(digests) == 5
    (folder / ".DS_Store").write_text("x", encoding="utf-8")
    assert register.find("one", [tmp_path]).digest() in digests
