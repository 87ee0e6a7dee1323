"""The README names all there is and nothing that is not. A table that is out of date is printed, ready to paste.

That its examples give what it shows is the business of test_docs_examples.py.
"""

from __future__ import annotations

import csv
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from pydantic import SecretStr

from kg import assets, errors, queries
from kg.analysis.measures import MEASURES, engines_of
from kg.cli.main import app
from kg.config import Settings
from kg.queries import Parameter
from kg.serve.app import create_app
from kg.serve.negotiation import GRAPHS, RESULTS
from kg.serve.sparql_description import GET
from kg.sources.register import discover
from kg.store.releases import DataFolder

from .test_project import PROJECT, names

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROSE = FENCED.sub("", README)
KG = typer.main.get_command(app)
NAMED = "/queries/{family}/{name}"


def section(title: str) -> str:
    """The text below a heading, up to the next one of its level or higher."""
    begin = re.search(rf"^(#+) {re.escape(title)}\n", PROSE, re.MULTILINE)
    assert begin, f"the README has no section {title}"
    return re.split(rf"^#{{1,{len(begin[1])}}} ", PROSE[begin.end() :], maxsplit=1, flags=re.MULTILINE)[0]


def code(text: str) -> set[str]:
    """What stands between backticks."""
    return set(re.findall(r"`([^`\n]+)`", text))


# Tables that follow from the code


def settings_table() -> Iterator[tuple[str, ...]]:
    yield "variable", "option", "default", "meaning"
    for name, field in Settings.model_fields.items():
        default = f"`{field.default:g}`" if isinstance(field.default, float) else f"`{field.default}`"
        shown = "none" if field.default is None else default
        option = "none" if SecretStr in get_args(field.annotation) else f"`--{name.replace('_', '-')}`"
        yield f"`KG_{name.upper()}`", option, shown, str(field.description)


def errors_table() -> Iterator[tuple[str, ...]]:
    yield "code", "exit code", "HTTP status", "meaning"
    for error in sorted(ours(errors.KgError), key=lambda error: error.exit_code):
        meaning = str(error.__doc__).partition("\n")[0]
        yield f"`{error.code}`", str(error.exit_code), str(error.http_status), meaning


def queries_table() -> Iterator[tuple[str, ...]]:
    yield "query", "gives", "parameters"
    for query in queries.load(assets.folder("queries")).values():
        yield f"`{query.name}`", query.summary, ", ".join(map(option, query.parameters))


def shapes_table() -> Iterator[tuple[str, ...]]:
    yield "file", "what it is about"
    for path in assets.turtle_files("shapes"):
        opening = re.match(r"(?:#.*\n)+", path.read_text("utf-8"))
        assert opening, f"{path.name} does not say what it is about"
        about = re.sub(r"\n?# ?", " ", opening[0]).strip()
        yield f"[`{path.name}`](shapes/{path.name})", re.split(r"(?<=\.)\s", about)[0]


def sources_table() -> Iterator[tuple[str, ...]]:
    yield "source", "what", "rows", "used of collected", "its documents"
    for source in discover():
        if source.download:
            continue
        tables = sorted((source.folder / "tables").glob("*.csv"))
        covered = read(source.folder / "coverage.csv")
        left_out = sum(bool(row["reason"]) for row in covered)
        yield (
            f"[`{source.name}`](kg/sources/{source.name})",
            source.title,
            f"{sum(len(read(table)) for table in tables):,}",
            f"{len(covered) - left_out} of {len(covered)}" if covered else "",
            qualities(read(source.folder / "tables" / "documents.csv")),
        )


MANY_FILES = 30
"""Names in a row of the table of registers; of more, the first three."""


def registers_table() -> Iterator[tuple[str, ...]]:
    yield "register", "what", "files, and those in brackets if there are any", "code"
    for source in discover():
        if source.download:
            files = [f"`{name}`" for name in source.download.files]
            files += [f"(`{name}`)" for name in source.download.optional]
            if len(files) > MANY_FILES:
                files[3:] = [f"and {len(files) - 3} more, see its source.toml"]
            code = "`read.py`" if (source.folder / "read.py").is_file() else "none"
            yield f"[`{source.name}`](kg/sources/{source.name})", source.title, ", ".join(files), code


def measures_table() -> Iterator[tuple[str, ...]]:
    yield "measure", "what it is", "source", "cost", "weights", "parameters", "engines", "when it misleads"
    for measure in MEASURES.values():
        taken = ", ".join(f"`{each.name}` {each.default}".rstrip() for each in measure.parameters)
        row = measure.definition, measure.source, measure.cost, measure.weights, taken
        yield f"`{measure.name}`", *row, ", ".join(engines_of(measure.name)), measure.misleads


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a table; none if there is no such table."""
    return list(csv.DictReader(path.read_text("utf-8").splitlines())) if path.exists() else []


def qualities(documents: list[dict[str, str]]) -> str:
    """How many documents there are of each quality, the best first."""
    numbers = Counter(document["quality"] for document in documents)
    return ", ".join(f"{numbers[name]} {name}" for name in ("official", "press", "seed", "mirror") if numbers[name])


def ours(error: type[errors.KgError]) -> Iterator[type[errors.KgError]]:
    yield error
    for special in error.__subclasses__():
        if special.__module__.startswith(f"{errors.__name__}."):
            yield from ours(special)


def option(parameter: Parameter) -> str:
    return f"`--{parameter.name}`" + (" (required)" if parameter.required else "")


@pytest.mark.parametrize(
    "rows", [settings_table, errors_table, queries_table, shapes_table, sources_table, registers_table, measures_table]
)
def test_a_table_says_what_the_code_says(rows: Callable[[], Iterator[tuple[str, ...]]]) -> None:
    head, *body = rows()
    lines = [head, ["---"] * len(head), *body]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    if f"\n\n{table}\n\n" not in README:
        pytest.fail(f"README.md needs this table in place of the one it has:\n\n{table}\n", pytrace=False)


# Command line


def leaves(command: Any, words: tuple[str, ...] = ("kg",)) -> Iterator[tuple[str, Any]]:
    """Commands that do something, by what one types."""
    for name, below in getattr(command, "commands", {}).items():
        yield from leaves(below, (*words, name))
    if not hasattr(command, "commands"):
        yield " ".join(words), command


COMMANDS = dict(leaves(KG))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_a_row_with_all_its_options_and_no_others(command: str) -> None:
    rows = [row for row in section("Commands").splitlines() if re.match(rf"\| `{command}(?: [][A-Z. ]+)?` \|", row)]
    assert len(rows) == 1, f"one row of the table of commands has to begin with | `{command} ARGUMENTS` |"
    shown = {word for span in code(rows[0].split("|")[3]) for word in re.findall(r"(?<!\S)--?[a-z][a-z-]*", span)}
    assert shown == {name for option in options(COMMANDS[command]) for name in option.opts}


def test_options_of_the_command_line_itself_are_named() -> None:
    named = " ".join(code(section("Commands")))
    assert [name for option in options(KG) for name in option.opts if name not in named] == []


def options(command: Any) -> list[Any]:
    return [parameter for parameter in command.params if parameter.param_type_name == "option"]


def test_no_other_command_is_named() -> None:
    typed = {" ".join(words) for span in code(PROSE) if (words := span.split())[0] == "kg" and len(words) > 1}
    wrong = [text for text in typed if not text.startswith("kg -") and "COMMAND" not in text and not known(text)]
    assert wrong == []


def known(text: str) -> bool:
    return any(f"{text} ".startswith(f"{command} ") for command in COMMANDS)


def examples() -> list[str]:
    shell = "\n".join(text for language, text in FENCED.findall(README) if language == "sh")
    return [line for line in shell.splitlines() if line.startswith("kg ")]


@pytest.mark.parametrize("line", examples())
def test_an_example_is_a_command_with_options_that_it_has(line: str) -> None:
    _, *words = shlex.split(line, comments=True)
    command: Any = KG
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    command.make_context(command.name, words)


def test_settings_are_options() -> None:
    offered = {name for command in COMMANDS.values() for option in options(command) for name in option.opts}
    assert {row[1].strip("`") for row in settings_table()} - {"option", "none"} <= offered


def test_exit_codes_that_are_no_error_of_ours_are_named() -> None:
    listed = {int(number) for number in re.findall(r"(\d+) ", str(app.info.epilog))}
    assert listed == {0, 2} | {error.exit_code for error in ours(errors.KgError)}
    text = section("Errors and exit codes").partition("|")[0]
    assert [number for number in (0, 2, 130) if f"{number} is" not in text] == []


# Service


def test_every_endpoint_is_named(data_folder: DataFolder) -> None:
    named = queries.load(assets.folder("queries"))
    paths = create_app(data_folder.current, named_queries=named).openapi()["paths"]
    single = {f"/queries/{name}" for name in named}
    requests = {f"{method.upper()} {NAMED if path in single else path}" for path, by in paths.items() for method in by}
    assert single <= paths.keys()
    assert requests - code(section("Service")) == set()


def test_parameters_and_formats_of_the_endpoint_are_named() -> None:
    parameters = {parameter["name"] for parameter in GET["openapi_extra"]["parameters"]}
    named = {span.rstrip("=") for span in code(section("Service"))} | {"query"}
    assert parameters | {*RESULTS, *GRAPHS} <= named


# The tree and what is around it


def test_the_tree_names_the_parts_of_the_package_and_no_others() -> None:
    (tree,) = (text for _, text in FENCED.findall(README) if re.search(r"^kg/$", text, re.MULTILINE))
    above, below = tree.split("\nkg/\n")
    shown = set(re.findall(r"^  ([a-z_]+(?:/|\.py)) ", below, re.MULTILINE))
    parts = {f"{path.name}/" for path in (ROOT / "kg").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert shown == parts | {path.name for path in (ROOT / "kg").glob("*.py") if path.name != "__init__.py"}
    files, *folders = above.splitlines()
    names = [*files.split(), *(line.split()[0] for line in folders)]
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_links_lead_somewhere() -> None:
    headings = {slug(title) for title in re.findall(r"^#+ (.+)$", PROSE, re.MULTILINE)}
    targets = set(re.findall(r"\]\(([^)\s]+)\)", PROSE))
    inside = {target for target in targets if "://" not in target}
    assert [target for target in inside if target.startswith("#") and target[1:] not in headings] == []
    assert [target for target in inside if not target.startswith("#") and not (ROOT / target).exists()] == []


def slug(heading: str) -> str:
    """The anchor that a forge gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_every_target_of_make_is_named() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {f"make {target}" for target in targets} - code(PROSE) == set()


def test_every_required_package_is_named_with_its_reason() -> None:
    rows = section("What it stands on").splitlines()
    named = {name for row in rows if row.startswith("|") for name in code(row.split("|")[1])}
    assert named == names(PROJECT["dependencies"]) | {"uvloop"}


def test_every_extra_is_named() -> None:
    assert PROJECT["optional-dependencies"].keys() <= code(section("What it stands on"))


def test_the_version_has_a_change_note() -> None:
    assert re.search(rf"^### {re.escape(PROJECT['version'])}$", section("Change notes"), re.MULTILINE)
