"""The quality of ontology/: pitfalls of OOPS! by their numbers, metadata of FOOPS!, and that code and ontology agree.

Catalogue of pitfalls: M. Poveda-Villalón, A. Gómez-Pérez, M. C. Suárez-Figueroa, "OOPS! (OntOlogy Pitfall Scanner!)",
IJSWIS 10(2), 2014, https://oops.linkeddata.es/catalogue.jsp. Each test gathers all its faults before it fails.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, PROV, QB, RDF, RDFS, SKOS, VANN, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg import assets, iris, vocabulary

ROOT = Path(__file__).parents[1]
TT = Namespace(iris.ONTOLOGY)
ONTOLOGY = URIRef(iris.ONTOLOGY.removesuffix("#"))
LANGUAGES = {"en", "zh"}
KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
NO_DOMAIN = {TT.unitKind}  # of indicators and of units, which have no common superclass
# Links that are walked both ways: provenance, series, cells, the policy chain, collaborations.
MAIN_LINKS = (
    "statedIn",
    "editionOf",
    "previousEdition",
    "cell",
    "revises",
    "restates",
    "addresses",
    "implements",
    "hasParticipation",
)
METADATA = (
    DCTERMS.title,
    DCTERMS.description,
    DCTERMS.license,
    DCTERMS.creator,
    DCTERMS.publisher,
    DCTERMS.created,
    DCTERMS.issued,
    DCTERMS.modified,
    DCTERMS.source,
    DCTERMS.bibliographicCitation,
    OWL.versionIRI,
    OWL.versionInfo,
    VANN.preferredNamespacePrefix,
    VANN.preferredNamespaceUri,
    URIRef("http://purl.org/ontology/bibo/status"),
)
ALIGNED = {
    "http://data.europa.eu/eli/ontology#",
    "http://data.europa.eu/s66#",
    "http://purl.org/cerif/frapo/",
    "http://purl.org/linked-data/sdmx/2009/attribute#",
    "http://schema.org/",
    "http://www.w3.org/ns/dcat#",
    "http://www.w3.org/ns/oa#",
    "http://www.w3.org/ns/org#",
    "https://w3id.org/sssom/",
}


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(assets.folder("ontology") / "techtransfer.ttl")


def classes(graph: Graph) -> list[URIRef]:
    return ours(graph.subjects(RDF.type, OWL.Class))


def properties(graph: Graph) -> list[URIRef]:
    return ours(term for kind in KINDS for term in graph.subjects(RDF.type, kind))


def terms(graph: Graph) -> list[URIRef]:
    return classes(graph) + properties(graph) + ours(graph.subjects(RDF.type, QB.DataStructureDefinition))


def ours(nodes: Iterable[Node]) -> list[URIRef]:
    return sorted({node for node in nodes if isinstance(node, URIRef) and node in TT})


def name(term: Node) -> str:
    return str(term).removeprefix(iris.ONTOLOGY)


def label(graph: Graph, term: Node, language: str = "en") -> str:
    return next((str(text) for text in graph.objects(term, RDFS.label) if text.language == language), "")


def words(text: str) -> set[str]:
    """The words of a text, plural endings aside."""
    return {word.removesuffix("s") for word in re.findall(r"[a-z]+", text.lower())}


# Pitfalls ------------------------------------------------------------------------------------------------------------


def test_p02_no_synonyms_as_classes(ontology: Graph) -> None:
    faults = list(ontology.subject_objects(OWL.equivalentClass))
    assert not faults, f"keep one class, the other name is a label: {faults}"


def test_p04_no_unconnected_term(ontology: Graph) -> None:
    links = (RDFS.domain, RDFS.range, RDFS.subClassOf)
    linked = {node for link in links for pair in ontology.subject_objects(link) for node in pair}
    faults = [name(term) for term in classes(ontology) if term not in linked]
    assert not faults, f"no property and no other class refers to {faults}"


def test_p05_inverses_swap_domain_and_range(ontology: Graph) -> None:
    faults = [
        f"{name(one)} / {name(other)}"
        for one, other in ontology.subject_objects(OWL.inverseOf)
        if ontology.value(one, RDFS.domain) != ontology.value(other, RDFS.range)
        or ontology.value(one, RDFS.range) != ontology.value(other, RDFS.domain)
    ]
    assert not faults, f"domain of the one is not the range of the other: {faults}"


@pytest.mark.parametrize("above", [RDFS.subClassOf, RDFS.subPropertyOf])
def test_p06_no_cycle_in_a_hierarchy(ontology: Graph, above: URIRef) -> None:
    faults = [
        name(term)
        for term in terms(ontology)
        if any(term in ontology.transitive_objects(parent, above) for parent in ontology.objects(term, above))
    ]
    assert not faults, f"above themselves: {faults}"


def test_p07_no_two_concepts_in_one_class(ontology: Graph) -> None:
    faults = [name(term) for term in classes(ontology) if words(label(ontology, term)) & {"and", "or"}]
    assert not faults, f"split {faults}"


def test_p08_every_term_has_labels_and_a_definition(ontology: Graph) -> None:
    faults = []
    for term in terms(ontology):
        languages = Counter(text.language for text in ontology.objects(term, RDFS.label))
        if languages != Counter(LANGUAGES):
            faults.append(f"{name(term)} has labels in {dict(languages)}, wanted one each in en and zh")
        if len(list(ontology.objects(term, SKOS.definition))) != 1:
            faults.append(f"{name(term)} has not one skos:definition")
        if (term, RDFS.isDefinedBy, ONTOLOGY) not in ontology:
            faults.append(f"{name(term)} has no rdfs:isDefinedBy")
    assert not faults, "\n".join(faults)


def test_p10_top_level_classes_are_disjoint(ontology: Graph) -> None:
    members = [set(Collection(ontology, head)) for head in ontology.objects(None, OWL.members)]
    top = {term for term in classes(ontology) if not ours(ontology.objects(term, RDFS.subClassOf))}
    records = set(ontology.subjects(RDFS.subClassOf, TT.Record))
    findings = set(ontology.subjects(RDFS.subClassOf, TT.Finding))
    for wanted in (top, records, findings):
        assert wanted in members, f"no owl:AllDisjointClasses of {sorted(map(name, wanted))}"
    assert (TT.Organization, OWL.disjointWith, TT.Population) in ontology


def test_p11_p19_every_property_has_one_domain_and_one_range(ontology: Graph) -> None:
    faults = []
    for term in properties(ontology):
        for side in (RDFS.domain, RDFS.range):
            wanted = 0 if side == RDFS.domain and term in NO_DOMAIN else 1
            if len(list(ontology.objects(term, side))) != wanted:
                faults.append(f"{name(term)} has not {wanted} {side.fragment}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("link", MAIN_LINKS)
def test_p13_main_links_have_an_inverse(ontology: Graph, link: str) -> None:
    inverses = [*ontology.subjects(OWL.inverseOf, TT[link]), *ontology.objects(TT[link], OWL.inverseOf)]
    assert len(inverses) == 1, f"tt:{link} has the inverses {inverses}"


def test_p20_p24_no_definition_repeats_only_the_name(ontology: Graph) -> None:
    small = words("a an the of that which is in to from it its with and or one leads gives tells")
    faults = [
        f"{name(term)}: {text}"
        for term in terms(ontology)
        for text in ontology.objects(term, SKOS.definition)
        if len(words(str(text)) - words(label(ontology, term)) - small) < 3
    ]
    assert not faults, "\n".join(faults)


def test_a_definition_names_the_parent_and_the_difference(ontology: Graph) -> None:
    """The form "parent that ...": a subclass of ours opens with the label of a superclass, a property with its kind."""
    kinds = ("relation", "attribute", "classification", "dimension", "measure")
    faults = []
    for term in terms(ontology):
        text = str(ontology.value(term, SKOS.definition))
        parents = [label(ontology, parent) for parent in ours(ontology.objects(term, RDFS.subClassOf))]
        opening = kinds if term in properties(ontology) else parents
        if opening and not text.startswith(tuple(f"{word} that " for word in opening)):
            faults.append(f"{name(term)} opens with {text[:30]!r}, wanted one of {opening} and 'that'")
    assert not faults, "\n".join(faults)


def test_p22_names_follow_one_convention(ontology: Graph) -> None:
    patterns = [(classes(ontology), r"([A-Z][a-z]+)+"), (properties(ontology), r"[a-z]+([A-Z][a-z]+)*")]
    faults = [name(term) for found, pattern in patterns for term in found if not re.fullmatch(pattern, name(term))]
    assert not faults, f"classes are CamelCase, properties lowerCamelCase: {faults}"


def test_p28_symmetric_properties_have_one_class_at_both_ends(ontology: Graph) -> None:
    faults = [
        name(term)
        for term in ontology.subjects(RDF.type, OWL.SymmetricProperty)
        if ontology.value(term, RDFS.domain) != ontology.value(term, RDFS.range)
    ]
    assert not faults, f"symmetric between two classes: {faults}"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_p32_no_two_terms_of_a_kind_share_a_label(ontology: Graph, language: str) -> None:
    for found in (classes(ontology), properties(ontology)):
        counted = Counter(label(ontology, term, language) for term in found)
        shared = [text for text, times in counted.items() if times > 1]
        assert not shared, f"labels of two terms: {shared}"


def test_p33_a_chain_has_two_links(ontology: Graph) -> None:
    chains = [list(Collection(ontology, head)) for head in ontology.objects(None, OWL.propertyChainAxiom)]
    assert chains == [[TT.hasParticipation, TT.participant]]


def test_p34_p35_everything_used_is_declared(ontology: Graph) -> None:
    declared = set(ontology.subjects(RDF.type, OWL.Class)) | {OWL.Thing}
    as_class = {*ontology.objects(None, RDFS.subClassOf), *ontology.objects(None, RDFS.domain)}
    as_class |= {node for node in ontology.objects(None, RDFS.range) if not is_datatype(node)}
    as_class |= {kind for kind in ontology.objects(None, RDF.type) if not is_reserved(kind)}
    known = {term for kind in KINDS for term in ontology.subjects(RDF.type, kind)}
    as_property = {term for term in ontology.predicates() if not is_reserved(term)}
    as_property |= set(ontology.objects(None, RDFS.subPropertyOf)) | set(ontology.objects(None, OWL.inverseOf))
    assert not as_class - declared, f"not declared as classes: {sorted(as_class - declared)}"
    assert not as_property - known, f"not declared as properties: {sorted(as_property - known)}"


def is_reserved(node: Node) -> bool:
    return str(node).startswith((str(OWL), str(RDF), str(RDFS)))


def is_datatype(node: Node) -> bool:
    return node in XSD or node == RDFS.Literal


def test_p36_no_file_extension_in_an_iri(ontology: Graph) -> None:
    faults = [str(term) for term in [ONTOLOGY, *terms(ontology)] if re.search(r"\.(ttl|owl|rdf)\b", str(term))]
    assert not faults


def test_p40_nothing_is_said_about_the_terms_of_others(ontology: Graph) -> None:
    faults = [
        f"{subject} {predicate}"
        for subject, predicate, value in ontology
        if isinstance(subject, URIRef)
        and not subject.startswith(iris.BASE)
        and not (predicate == RDF.type and value in (OWL.Class, *KINDS))
    ]
    assert not faults, f"declare outside terms by their type only: {faults}"


# Profile -------------------------------------------------------------------------------------------------------------


def test_owl_dl_every_property_is_of_one_kind(ontology: Graph) -> None:
    kinds = Counter(term for kind in KINDS for term in ontology.subjects(RDF.type, kind))
    faults = [str(term) for term, count in kinds.items() if count > 1]
    assert not faults, f"OWL 2 DL, section 5.8.1: of two kinds of property: {faults}"


def test_owl_dl_and_rl_only_named_classes(ontology: Graph) -> None:
    banned = {OWL.Restriction, OWL.FunctionalProperty, OWL.InverseFunctionalProperty}
    assert not banned & set(ontology.objects(None, RDF.type))
    assert not {OWL.unionOf, OWL.intersectionOf, OWL.oneOf, OWL.imports} & set(ontology.predicates())


def test_owl_properties_fit_their_ranges_and_superproperties(ontology: Graph) -> None:
    faults = []
    for term in properties(ontology):
        literal = (term, RDF.type, OWL.DatatypeProperty) in ontology
        kind = OWL.DatatypeProperty if literal else OWL.ObjectProperty
        if any(is_datatype(node) != literal for node in ontology.objects(term, RDFS.range)):
            faults.append(f"{name(term)}: range of the other kind")
        if any((node, RDF.type, kind) not in ontology for node in ontology.objects(term, RDFS.subPropertyOf)):
            faults.append(f"{name(term)}: superproperty of the other kind")
    assert not faults, "\n".join(faults)


def test_the_data_structure_lists_every_component(ontology: Graph) -> None:
    """Each dimension, attribute and measure is in the structure as what it is typed; unit goes as a dimension."""
    kinds = {QB.dimension: QB.DimensionProperty, QB.attribute: QB.AttributeProperty, QB.measure: QB.MeasureProperty}
    listed = {
        (term, kinds[role])
        for component in ontology.objects(TT.ObservationStructure, QB.component)
        for role in kinds
        for term in ontology.objects(component, role)
    }
    typed = {(term, kind) for kind in kinds.values() for term in ontology.subjects(RDF.type, kind)}
    assert listed == typed - {(TT.unit, QB.AttributeProperty)}


def test_every_coded_property_names_its_scheme(ontology: Graph) -> None:
    schemes = {scheme for graph in scheme_graphs() for scheme in graph.subjects(RDF.type, SKOS.ConceptScheme)}
    open_lists = {TT.programme}  # funding programmes come with the sources
    faults = [
        name(term)
        for term in ontology.subjects(RDFS.range, SKOS.Concept)
        if term not in open_lists
        and not schemes & {*ontology.objects(term, QB.codeList), *ontology.objects(term, RDFS.seeAlso)}
    ]
    assert not faults, f"no qb:codeList and no rdfs:seeAlso to a known scheme: {faults}"
    assert set(ontology.objects(None, QB.codeList)) <= schemes
    assert all(ontology.value(term, QB.codeList) for term in (TT.channel, TT.transformation))


# Metadata ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", METADATA, ids=lambda wanted: iris.local(str(wanted)))
def test_foops_metadata(ontology: Graph, wanted: URIRef) -> None:
    assert (ONTOLOGY, RDF.type, OWL.Ontology) in ontology, "P38"
    assert list(ontology.objects(ONTOLOGY, wanted)), f"the ontology has no {wanted}"


def test_p41_the_licence_is_cc_by(ontology: Graph) -> None:
    assert ontology.value(ONTOLOGY, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")


def test_version_namespace_and_creator_fit_together(ontology: Graph) -> None:
    version = ontology.value(ONTOLOGY, OWL.versionInfo)
    assert ontology.value(ONTOLOGY, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{version}")
    assert ontology.value(ONTOLOGY, VANN.preferredNamespaceUri) == Literal(iris.ONTOLOGY)
    assert vocabulary.PREFIXES[str(ontology.value(ONTOLOGY, VANN.preferredNamespacePrefix))] == iris.ONTOLOGY
    assert (ontology.value(ONTOLOGY, DCTERMS.creator), RDF.type, PROV.Agent) in ontology


# Ontology, files and code agree --------------------------------------------------------------------------------------


def test_vocabulary_and_ontology_name_the_same_terms(ontology: Graph) -> None:
    found = {name(term) for term in terms(ontology)}
    assert not found - vocabulary.TT.terms, "in the ontology, not in kg/vocabulary.py"
    assert not vocabulary.TT.terms - found, "in kg/vocabulary.py, not in the ontology"


def test_alignment_joins_known_terms_to_known_vocabularies(ontology: Graph) -> None:
    alignment = Graph().parse(assets.folder("ontology") / "alignment.ttl")
    known = set(terms(ontology))
    faults = [
        f"{name(term)} to {target}"
        for term, target in alignment.subject_objects(SKOS.closeMatch)
        if term not in known or re.sub(r"[^/#]+$", "", str(target)) not in ALIGNED
    ]
    assert not faults, f"unknown term or vocabulary: {faults}"
    assert set(alignment.predicates()) & {SKOS.closeMatch, SKOS.exactMatch} == {SKOS.closeMatch}


def test_no_triple_stands_in_two_files() -> None:
    files = {path.name: set(Graph().parse(path)) for path in assets.turtle_files("ontology")}
    faults = [
        (one, other, triple)
        for (one, here), (other, there) in combinations(files.items(), 2)
        for triple in here & there
        if not any(isinstance(node, BNode) for node in triple)
    ]
    assert not faults, f"a triple lives in exactly one named graph: {faults}"


def test_every_term_used_is_declared() -> None:
    faults = {str(file): sorted(found - vocabulary.TT.terms) for file, found in uses() if found - vocabulary.TT.terms}
    assert not faults, f"not in the ontology: {faults}"


def test_every_term_is_used(ontology: Graph) -> None:
    used = {TT[term] for _, found in uses() for term in found}
    used |= {node for term in used for node in implied(ontology, term)}
    faults = [name(term) for term in terms(ontology) if term not in used]
    assert not faults, f"in no shape, query, source or module: {' '.join(faults)}"


def implied(graph: Graph, term: URIRef) -> Iterator[Node]:
    """What is of use because a term is: its superterms, the classes at its ends, its inverse, a chain it begins."""
    for link in (RDFS.subClassOf, RDFS.subPropertyOf):
        yield from graph.transitive_objects(term, link)
    for link in (RDFS.domain, RDFS.range):
        for end in graph.objects(term, link):
            yield from graph.transitive_objects(end, RDFS.subClassOf)
    yield from graph.objects(term, OWL.inverseOf)
    yield from graph.subjects(OWL.inverseOf, term)
    yield from graph.subjects(OWL.propertyChainAxiom / RDF.first, term)


def uses() -> Iterator[tuple[Path, set[str]]]:
    """The names of our terms in each shape, query, source and module; the list of all of them does not count."""
    written = re.compile(rf"(?:(?<![\w-])tt:|{re.escape(iris.ONTOLOGY)})([A-Za-z]\w*)(?![\w{{])")
    for folder, pattern in (("shapes", "*.ttl"), ("queries", "*.rq"), ("kg/sources", "*.json")):
        for file in sorted((ROOT / folder).rglob(pattern)):
            yield file.relative_to(ROOT), set(written.findall(file.read_text("utf-8")))
    for file in sorted((ROOT / "kg").rglob("*.py")):
        text = file.read_text("utf-8")
        if file.name != "vocabulary.py":
            attributes = {term.rstrip("_") for term in re.findall(r"\bTT\.(\w+)", text)} - {"terms", "namespace"}
            yield file.relative_to(ROOT), attributes | set(written.findall(text))


def scheme_graphs() -> list[Graph]:
    return [Graph().parse(file) for file in sorted((assets.folder("ontology") / "schemes").glob("*.ttl"))]
