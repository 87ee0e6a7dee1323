"""The service's endpoints, from its OpenAPI document; those of single named queries stand with the queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from kg.help.markdown import block, inline
from kg.help.markup import anchor, code, definitions, para
from kg.help.model import Name, Section

_METHODS = ("get", "put", "post", "delete", "patch")


def sections(document: Mapping[str, Any], elsewhere: Iterable[str] = ()) -> tuple[Section, ...]:
    """A section for each request.

    Parameters
    ----------
    document
        OpenAPI 3.1.
    elsewhere
        Paths that are described on another page.
    """
    left_out = set(elsewhere)
    told = [
        _section(document, path, method, item[method])
        for path, item in document.get("paths", {}).items()
        if path not in left_out
        for method in _METHODS
        if method in item
    ]
    return (Section("all-requests", "All requests", 2), *told) if told else ()


def _section(document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> Section:
    request = f"{method.upper()} {path}"
    taken = [_resolved(document, each) for each in operation.get("parameters", ())]
    answers = {code(status): inline(_resolved(document, told).get("description", "")) for status, told in
               operation.get("responses", {}).items()}  # fmt: skip
    body = (
        para(inline(operation.get("summary", "")))
        + block(operation.get("description", ""))
        + definitions((_named(each), _meaning(each)) for each in taken)
        + _body(document, operation)
        + (para("Answers:") + definitions(answers.items()) if answers else Markup())
    )
    return Section(anchor(request), request, 3, body, (Name("endpoint", request),), typed=True)


def _named(parameter: Mapping[str, Any]) -> Markup:
    place = parameter.get("in", "query")
    where = Markup("") if place == "query" else Markup(" ({})").format(f"in the {place}")
    needed = " needed" if parameter.get("required") and place != "path" else ""
    return code(parameter["name"]) + where + needed


def _meaning(parameter: Mapping[str, Any]) -> Markup:
    schema = parameter.get("schema", {})
    told = [inline(parameter.get("description") or schema.get("description") or "")]
    if values := schema.get("enum"):
        told.append(Markup("one of {}").format(Markup(", ").join(code(str(value)) for value in values)))
    if "default" in schema:
        told.append(Markup("default {}").format(code(str(schema["default"]))))
    if not any(told):
        told.append(Markup.escape(str(schema.get("type", "text"))))
    return Markup("; ").join(filter(None, told))


def _body(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Markup:
    body = _resolved(document, operation.get("requestBody", {}))
    types = Markup(", ").join(code(name) for name in body.get("content", {}))
    return para(Markup("Body: {} {}").format(types, inline(body.get("description", "")))) if types else Markup()


def _resolved(document: Mapping[str, Any], told: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference within the document stands for."""
    if "$ref" not in told:
        return told
    found: Any = document
    for key in told["$ref"].removeprefix("#/").split("/"):
        found = found.get(key.replace("~1", "/").replace("~0", "~"), {})
    return dict(found)
