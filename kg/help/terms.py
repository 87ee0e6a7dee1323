"""Ontology, shapes and the glossary, from the Turtle files that hold them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox
from markupsafe import Markup, escape

from kg import assets, iris
from kg.help.markdown import inline
from kg.help.markup import anchor, code, definitions, outside, para, slug
from kg.help.model import Name, Section
from kg.vocabulary import RDF, RDFS, SH, SKOS, shortened

Said = Mapping[ox.NamedNode, Mapping[str, Sequence[ox.NamedNode | ox.Literal]]]
"""What is stated of each term, by property."""

_ONTOLOGY = f"{iris.BASE}ontology#"
_SHAPES = f"{iris.BASE}shapes#"
_OWL = "http://www.w3.org/2002/07/owl#"
_KINDS = {
    "Classes": {f"{RDFS.namespace}Class", f"{_OWL}Class"},
    "Properties": {f"{_OWL}{kind}Property" for kind in ("Object", "Datatype", "Annotation")},
}

_RULES = {"NodeShape", "PropertyShape", "SPARQLConstraint"}


def ontology() -> tuple[Section, ...]:
    """A section for each class and property, classes first."""
    said = _said([assets.folder("ontology") / "techtransfer.ttl"])
    found: list[Section] = []
    for heading, kinds in _KINDS.items():
        terms = [term for term, own in said.items() if kinds & {value.value for value in own.get(RDF.type, ())}]
        own = sorted((term for term in terms if term.value.startswith(_ONTOLOGY)), key=lambda term: term.value.lower())
        found += [Section(slug(heading), heading, 2), *(_term(term, said) for term in own)]
    return tuple(found)


def shapes() -> tuple[Section, ...]:
    """A section for each file of shapes: what it is about, and the shapes in it with what they demand."""
    return (Section("all-shapes", "All shapes", 2), *map(_file, assets.turtle_files("shapes")))


def glossary() -> tuple[Section, ...]:
    """A section for each concept scheme, with what its concepts mean."""
    said = _said(sorted((assets.folder("ontology") / "schemes").glob("*.ttl")))
    schemes = [term for term, own in said.items() if ox.NamedNode(SKOS.ConceptScheme) in own.get(RDF.type, ())]
    return tuple(_scheme(scheme, said) for scheme in sorted(schemes, key=lambda each: _label(each, said).lower()))


def _term(term: ox.NamedNode, said: Said) -> Section:
    own, short = said[term], shortened(term.value)
    told = (
        ("label", _labels(own)),
        ("kind of", _links(own.get(RDFS.subClassOf, ()))),
        ("special case of", _links(own.get(RDFS.subPropertyOf, ()))),
        ("of", _links(own.get(RDFS.domain, ()))),
        ("gives", _links(own.get(RDFS.range, ()))),
        ("everything stated of it", outside(f"/ontology#{iris.local(term.value)}", "in the ontology")),
    )
    body = para(inline(_text(own, SKOS.definition))) + definitions(told)
    return Section(anchor(iris.local(term.value)) + _case(term), short, 3, body, (Name("term", short),), typed=True)


def _case(term: ox.NamedNode) -> str:
    """Classes begin with a capital, and some properties are called like them but for that."""
    return "-class" if iris.local(term.value)[:1].isupper() else ""


def _file(path: Path) -> Section:
    opening = re.match(r"(?:#.*\n)+", path.read_text("utf-8"))
    about = re.sub(r"\n?# ?", " ", opening[0]).strip() if opening else ""
    said = _said([path])
    named = [term for term, own in said.items() if _RULES & {iris.local(kind.value) for kind in own.get(RDF.type, ())}]
    told = (
        (outside(f"/shapes#{iris.local(term.value)}", iris.local(term.value)), _demand(said[term]))
        for term in sorted(named, key=lambda term: term.value)
        if term.value.startswith(_SHAPES)
    )
    return Section(f"file-{path.name}", path.name, 3, para(inline(about)) + definitions(told), (
        Name("shapes", path.name),), typed=True)  # fmt: skip


def _demand(own: Mapping[str, Sequence[ox.NamedNode | ox.Literal]]) -> Markup:
    severity = "".join(iris.local(value.value) for value in own.get(SH.severity, ()))
    text = _text(own, SH.message) or _text(own, SKOS.definition) or _text(own, f"{RDFS.namespace}comment")
    targets = own.get(SH.targetClass, ())
    told = inline(text) or (Markup("of {}").format(_links(targets)) if targets else escape("…"))
    return Markup("{}: {}").format(severity, told) if severity else told


def _scheme(scheme: ox.NamedNode, said: Said) -> Section:
    own = said[scheme]
    members = [term for term, those in said.items() if scheme in those.get(SKOS.inScheme, ())]
    told = ((code(_short(term)), _concept(said[term])) for term in sorted(members, key=lambda t: t.value))
    body = para(_labels(own)) + para(inline(_text(own, SKOS.definition))) + definitions(told)
    return Section(anchor(shortened(scheme.value)), _label(scheme, said), 2, body, (
        Name("scheme", shortened(scheme.value)),))  # fmt: skip


def _short(term: ox.NamedNode) -> str:
    return shortened(term.value).removeprefix(f"{iris.BASE}concept/")


def _concept(own: Mapping[str, Sequence[ox.NamedNode | ox.Literal]]) -> Markup:
    definition = _text(own, SKOS.definition)
    return _labels(own) + (Markup(": {}").format(inline(definition)) if definition else Markup())


def _labels(own: Mapping[str, Sequence[ox.NamedNode | ox.Literal]]) -> Markup:
    """Its name in every language that has one."""
    found = [value for name in (SKOS.prefLabel, RDFS.label) for value in own.get(name, ())]
    told = [value for value in found if isinstance(value, ox.Literal)]
    told.sort(key=lambda value: (value.language != "en", value.language or ""))
    return Markup(", ").join(
        Markup('<span lang="{}">{}</span>').format(value.language, value.value)
        if value.language and value.language != "en"
        else Markup.escape(value.value)
        for value in dict.fromkeys(told)
    )


def _label(term: ox.NamedNode, said: Said) -> str:
    return _text(said[term], SKOS.prefLabel) or shortened(term.value)


def _text(own: Mapping[str, Sequence[ox.NamedNode | ox.Literal]], name: str) -> str:
    """The English text of a property, else any."""
    texts = [value for value in own.get(name, ()) if isinstance(value, ox.Literal)]
    return min(texts, key=lambda value: value.language != "en").value if texts else ""


def _links(values: Iterable[ox.NamedNode | ox.Literal]) -> Markup:
    return Markup(", ").join(code(shortened(value.value)) for value in values)


def _said(files: Iterable[Path]) -> Said:
    found: dict[ox.NamedNode, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
    for triple in _triples(files):
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal):
            found.setdefault(triple.subject, {}).setdefault(triple.predicate.value, []).append(triple.object)
    return found


def _triples(files: Iterable[Path]) -> Iterator[ox.Triple]:
    for file in files:
        yield from (quad.triple for quad in ox.parse(path=str(file)))
