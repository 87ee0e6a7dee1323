"""From a folder of ``<family>/<name>.rq`` files to named queries, each checked before it can be used.

The header is the lines at the top that start with ``#+``; they hold YAML: summary, question, parameters, columns, tags,
source. The rest is a SELECT query that runs as it stands and says in which order its rows come. A parameter is a line
of its own, ``VALUES ?area { <...> }``, and holds what the header says: the default, else the example, else ``UNDEF``.
Two lines for one parameter are right where a sub-select needs it as well.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from kg.errors import ConfigError, ParameterError, QueryError, UnknownQueryError
from kg.queries.checks import QueryFileError, check, check_name, check_term, columns_of, line_of
from kg.queries.named import Column, NamedQuery
from kg.queries.parameters import TYPES, Parameter

_MARK = "#+"
_WANTED = ("summary", "question", "columns", "source")
_ALLOWED = (*_WANTED, "parameters", "tags", "network")
_PARAMETER = ("name", "type", "description")
_PARAMETER_MORE = ("below", "default", "example", "optional", "values")
_COLUMN = ("name", "meaning")
_LISTS = ("parameters", "columns", "tags", "values")
_MAPS = ("network",)
_OPTIONS = frozenset({"cursor", "format", "lang", "limit"})
"""What every query takes beside its parameters when it is asked over HTTP."""

# Texts, lists and maps only, so that the area NO stays Norway; the parser in C where PyYAML was built with it.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def load(folder: Path, *more: Path) -> dict[str, NamedQuery]:
    """All queries below some folders, by name (``family/name``), in the order of the names.

    Raises
    ------
    ConfigError
        A file is not what it should be, or has the name of one in another folder; the text names file and line. A
        folder is not there.
    """
    queries: dict[str, NamedQuery] = {}
    for each in (folder, *more):
        if not each.is_dir():
            raise ConfigError(f"there is no folder of queries {each}; they lie in it as <family>/<name>.rq")
        _refuse_stray(each)
        for path in sorted(each.glob("*/*.rq")):
            query = _named(path)
            if query.name in queries:
                other = queries[query.name].path
                raise ConfigError(f"{path}, line 1: {other} is the query {query.name} already; give this another name")
            queries[query.name] = query
    return {name: queries[name] for name in sorted(queries)}


def _refuse_stray(folder: Path) -> None:
    """A file that lies too high or too deep would be passed over in silence."""
    for path in sorted(folder.rglob("*.rq")):
        if path.parent.parent != folder:
            raise ConfigError(
                f"{path}, line 1: a query lies in a folder of its family, {folder / 'FAMILY' / path.name}"
            )


def find(queries: Mapping[str, NamedQuery], name: str, *, lists: str = "kg query") -> NamedQuery:
    """The query with this name; `UnknownQueryError` says which ones come close, or what command lists all."""
    if name in queries:
        return queries[name]
    close = difflib.get_close_matches(name, queries, n=3)
    hint = f"there is {', '.join(close)}" if close else f"{lists} lists them all"
    raise UnknownQueryError(f"there is no query {name}; {hint}")


def parameters(query: NamedQuery, entries: Sequence[Any]) -> tuple[Parameter, ...]:
    """Parameters that a header gives elsewhere than under ``parameters``, checked like those; errors as for `load`."""
    with _located(query.path):
        return tuple(_parameters(entries, query.text))


def read(path: Path) -> NamedQuery:
    """The query of one file, wherever it lies; `ConfigError` as for `load`.

    Without a header it has no parameters, and the columns that it projects.
    """
    with _located(path):
        return _read(path, path.read_text(encoding="utf-8"))


def typed(text: str) -> NamedQuery:
    """The query of a text that somebody typed and that is in no file, with a header or without.

    Raises
    ------
    QueryError
        It is no SELECT query, or calls other servers, or its header does not fit it; the text names the line.
    """
    try:
        return _read(Path("query.rq"), text)
    except QueryFileError as error:
        raise QueryError(f"line {error.line} of the query: {error}") from error


def _read(path: Path, text: str) -> NamedQuery:
    """A query whose header may be missing."""
    if text.startswith(_MARK):
        return _described(path, text)
    columns = tuple(Column(name, "") for name in columns_of(text))
    return NamedQuery(path.stem, path.name, "", (), columns, (), "", text, path)


def _named(path: Path) -> NamedQuery:
    """A query of ours: with a header, and a name that fits into an address."""
    with _located(path):
        query = _described(path, path.read_text(encoding="utf-8"))
        check_name(query.name)
    return query


@contextmanager
def _located(path: Path) -> Iterator[None]:
    """Name the file, and where it is known the line, in what is raised."""
    try:
        yield
    except QueryFileError as error:
        raise ConfigError(f"{path}, line {error.line}: {error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}, line 1: not UTF-8: {error}") from error
    except OSError as error:
        raise ConfigError(f"cannot read the query {path}: {error.strerror}") from error


def _header(text: str) -> dict[str, Any]:
    """The YAML of the leading ``#+`` lines."""
    lines: list[str] = []
    for line in text.splitlines():
        if not line.startswith(_MARK):
            break
        lines.append(line.removeprefix(_MARK).removeprefix(" "))
    try:
        header = _Loader("\n".join(lines)).get_single_data()
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", error)
        raise QueryFileError(f"the header is not YAML: {problem}", mark.line + 1 if mark else 1) from error
    return _map(header, text, "the header", _WANTED, _ALLOWED)


def _described(path: Path, text: str) -> NamedQuery:
    header = _header(text)
    query = NamedQuery(
        name=f"{path.parent.name}/{path.stem}",
        summary=header["summary"],
        question=header["question"],
        parameters=tuple(_parameters(header.get("parameters", []), text)),
        columns=tuple(_columns(header["columns"], text)),
        tags=tuple(header.get("tags", [])),
        source=header["source"],
        text=text,
        path=path,
        network=header.get("network", {}),
    )
    check(query)
    return query


def _parameters(entries: Sequence[Any], text: str) -> Iterable[Parameter]:
    for entry in entries:
        fields = _map(entry, text, "a parameter", _PARAMETER, (*_PARAMETER, *_PARAMETER_MORE))
        fields["optional"] = fields.get("optional") == "true"
        fields["values"] = tuple(fields.get("values", ()))
        parameter = Parameter(**fields)
        _check_parameter(parameter, line_of(text, f"name: {parameter.name}"))
        yield parameter


def _check_parameter(parameter: Parameter, line: int) -> None:
    if parameter.type not in TYPES:
        raise QueryFileError(f"type {parameter.type} is none of {', '.join(TYPES)}", line)
    if parameter.name in _OPTIONS:
        raise QueryFileError(f"{parameter.name} is an option of every query; call the parameter something else", line)
    if parameter.below and parameter.type != "iri":
        raise QueryFileError("below is for parameters of type iri", line)
    if parameter.values and not parameter.below:
        raise QueryFileError("values are for parameters with a below, which they are the ends of", line)
    if parameter.default is None and parameter.example is None:
        raise QueryFileError(f"parameter {parameter.name} needs a default or an example", line)
    if parameter.default is not None and parameter.optional:
        raise QueryFileError(f"parameter {parameter.name} has a default and cannot be optional as well", line)
    for value in filter(None, (parameter.default, parameter.example, *parameter.values)):
        try:
            term = parameter.term(value)
        except ParameterError as error:
            raise QueryFileError(str(error), line) from error
        check_term(term, line)
        if parameter.values and value not in parameter.values:
            raise QueryFileError(f"{value} is none of the values {', '.join(parameter.values)}", line)


def _columns(entries: Sequence[Any], text: str) -> Iterable[Column]:
    for entry in entries:
        yield Column(**_map(entry, text, "a column", _COLUMN, (*_COLUMN, "unit")))


def _map(value: Any, text: str, what: str, wanted: Sequence[str], allowed: Sequence[str]) -> dict[str, Any]:
    """A part of the header, as a map with the keys that it needs and no others."""
    if not isinstance(value, dict):
        raise QueryFileError(f"{what} must be a map with the keys {', '.join(allowed)}", 1)
    for key, content in value.items():
        if key not in allowed:
            raise QueryFileError(f"{what} has no key {key}; known are {', '.join(allowed)}", line_of(text, f"{key}:"))
        kind, called = (list, "list") if key in _LISTS else (dict, "map") if key in _MAPS else (str, "text")
        if not isinstance(content, kind):
            raise QueryFileError(f"{key} must be a {called}", line_of(text, f"{key}:"))
    for key in wanted:
        if not value.get(key):
            raise QueryFileError(f"{what} lacks {key}", line_of(text, str(value.get("name", _MARK))))
    return dict(value)
