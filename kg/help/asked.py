"""Named queries by family, each with what it asks, takes and gives; and networks, with the measures of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

from kg.analysis import definitions as networks
from kg.analysis.measures import MEASURES, Measure, engines_of
from kg.help.markdown import inline
from kg.help.markup import anchor, code, definitions, outside, para, pre
from kg.help.model import Name, Section
from kg.queries import NamedQuery, Parameter


def queries(named: Mapping[str, NamedQuery]) -> tuple[Section, ...]:
    """A section for each query, those of a family under its heading."""
    found = [Section("all-queries", "All queries", 2)]
    family = ""
    for query in named.values():
        if query.name.partition("/")[0] != family:
            family = query.name.partition("/")[0]
            found.append(Section(f"family-{family}", family.capitalize(), 3))
        found.append(_query(query))
    return tuple(found) if named else ()


def _query(query: NamedQuery) -> Section:
    body = (
        para(inline(query.question))
        + para(Markup("{}.").format(inline(query.summary)))
        + pre(_typed(query))
        + para(Markup("{}: {}").format("Over HTTP", outside(f"/queries/{query.name}", f"GET /queries/{query.name}")))
        + _listed("Parameters", ((code(f"--{each.name}"), _parameter(each)) for each in query.parameters))
        + _listed("Columns", ((code(each.name), _column(each.meaning, each.unit)) for each in query.columns))
    )
    names = (Name("query", query.name), Name("endpoint", f"GET /queries/{query.name}"))
    return Section(anchor(query.name), query.name, 4, body, names, typed=True)


def _typed(query: NamedQuery) -> str:
    """The shortest command that runs it."""
    needed = (f"--{each.name} {_quoted(each.example or '…')}" for each in query.parameters if each.required)
    return " ".join(["kg query", query.name, *needed])


def _quoted(value: str) -> str:
    return value if all(letter.isalnum() or letter in "-_./:" for letter in value) else f"'{value}'"


def _parameter(parameter: Parameter) -> Markup:
    told = [inline(parameter.description), escape(parameter.type)]
    if parameter.values:
        told.append(Markup("one of {}").format(Markup(", ").join(map(code, parameter.values))))
    if parameter.required:
        told.append(Markup("needed"))
    if parameter.default is not None:
        told.append(Markup("default {}").format(code(parameter.default)))
    elif parameter.example:
        told.append(Markup("for example {}").format(code(parameter.example)))
    return Markup("; ").join(told)


def _column(meaning: str, unit: str | None) -> Markup:
    return inline(meaning) + (Markup(" ({})").format(unit) if unit else Markup())


def _listed(heading: str, pairs: Iterable[tuple[str, str]]) -> Markup:
    made = definitions(pairs)
    return para(Markup("<strong>{}</strong>").format(heading)) + made if made else Markup()


def all_networks(named: Mapping[str, NamedQuery]) -> tuple[Section, ...]:
    """A section for each network that one of the queries defines, and for each measure."""
    made = [networks.of(query) for query in named.values() if query.network]
    head = (Section("all-networks", "All networks", 2),) if made else ()
    measured = (Section("all-measures", "All measures", 2), *map(_measure, MEASURES.values()))
    return (*head, *map(_network, made), *measured)


def _network(network: networks.Definition) -> Section:
    told = (
        ("rows", code(network.query.name)),
        ("form", network.form),
        ("edges", "directed" if network.directed else "without direction"),
        ("nodes", network.nodes if network.form == "incidence" else ""),
        ("filters", Markup(", ").join(code(each.name) for each in network.filters)),
        ("dated", "yes: periods and slices can be taken" if network.dated else "no"),
    )
    body = para(Markup("{}.").format(inline(network.query.summary))) + definitions(told)
    return Section(
        f"network-{anchor(network.name)}", network.name, 3, body, (Name("network", network.name),), typed=True
    )


def _measure(measure: Measure) -> Section:
    taken = definitions(
        (
            code(each.name),
            Markup("{}; {}; default {}").format(inline(each.description), each.expected, code(str(each.default))),
        )
        for each in measure.parameters
    )
    told = (
        ("gives values for", measure.gives.value),
        ("source", measure.source),
        ("cost", measure.cost),
        ("weights", measure.weights),
        ("when it misleads", inline(measure.misleads)),
        ("where it would take too long", inline(measure.cheaper)),
        ("engines", Markup(", ").join(map(code, engines_of(measure.name)))),
        ("only for", ", ".join(_only(measure))),
        ("parameters", taken),
    )
    body = para(Markup("{}: {}").format(measure.title, inline(measure.definition))) + definitions(told)
    return Section(
        f"measure-{anchor(measure.name)}", measure.name, 3, body, (Name("measure", measure.name),), typed=True
    )


def _only(measure: Measure) -> list[str]:
    told = (("networks without directions", measure.undirected), ("one kind of node", measure.one_mode))
    return [text for text, holds in told if holds]
