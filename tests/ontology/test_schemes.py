"""The concept schemes: complete, labelled in both languages, without cycles, and mapped as SKOS allows."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from rdflib import RDF, SKOS, Graph, URIRef

from kg import assets, iris

ROOT = Path(__file__).parents[2]

# The values of ontology-design section 5, by scheme.
CODES = {
    "transformation": "level difference growth share",
    "status": "reported derived estimated restated target",
    "qualifier": "exact about over at-least under at-most",
    "comparison-basis": "all-filers matched-filers unstated",
    "threshold-comparator": "above at-least below at-most",
    "operation": "sum subtract ratio-minus-one divide count-records sum-records count-organizations",
    "rate-basis": "rate-stated rate-implied rate-on-date rate-period-average",
    "verdict": "consistent rounding contradicts misread-unit misread-scale misread-scope not-comparable superseded "
    "unverifiable",
    "unit-kind": "count person money ratio duration rank area",
    "source-quality": "seed official press mirror",
    "organization-status": "active inactive withdrawn",
    "sector": "business-enterprise government higher-education private-non-profit rest-of-the-world",
    "policy-type": "law amendment regulation plan pilot notice guideline recommendation framework reporting-duty",
    "collaboration-type": "funded-project joint-platform-operation event-co-participation other",
    "participation-role": "coordinator participant partner host operator attendee",
    "match-decision": "linked review accepted rejected",
    "mention-kind": "by-name by-abbreviation by-description",
    "uptake-status": "no-sign announced partly fully rejected",
}
# The trees of ontology-design section 8: parent to children.
CHANNELS = {
    "all": "six-ways spin-off joint-platform personnel-mobility facility-access training regeneration "
    "material-transfer open-dissemination",
    "six-ways": "rights-based commissioned-work",
    "rights-based": "assignment licensing equity-by-valuation",
    "licensing": "licence-exclusive licence-sole licence-non-exclusive licence-open option",
    "commissioned-work": "technology-development consulting services",
    "technology-development": "development-commissioned development-cooperative",
    "open-dissemination": "public-events",
    "public-events": "public-lectures performances exhibitions museum-education other-events",
}
THEMES = {
    "coordination": "communication",
    "finance": "financial-support financial-risk incentives",
    "intellectual-property": "ip-protection ip-risk patent-use ownership",
    "risk": "financial-risk ip-risk",
    "market": "demand supply contract-value",
}
MAPPINGS = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)


@pytest.fixture(scope="module")
def schemes() -> Graph:
    graph = Graph()
    for file in sorted((assets.folder("ontology") / "schemes").glob("*.ttl")):
        graph.parse(file)
    return graph


def concepts(graph: Graph) -> list[URIRef]:
    return sorted(node for node in graph.subjects(RDF.type, SKOS.Concept) if isinstance(node, URIRef))


def members(graph: Graph, scheme: str) -> set[str]:
    return {iris.local(str(node)) for node in graph.subjects(SKOS.inScheme, URIRef(iris.concept(scheme)))}


def test_labels_and_definition_in_both_languages(schemes: Graph) -> None:
    faults = []
    for thing in [*concepts(schemes), *schemes.subjects(RDF.type, SKOS.ConceptScheme)]:
        languages = Counter(text.language for text in schemes.objects(thing, SKOS.prefLabel))
        if languages != Counter(("en", "zh")):
            faults.append(f"{thing} has labels in {dict(languages)}, wanted one each in en and zh")
        if len(list(schemes.objects(thing, SKOS.definition))) != 1:
            faults.append(f"{thing} has not one definition")
    assert not faults, "\n".join(faults)


def test_every_concept_hangs_in_a_known_scheme(schemes: Graph) -> None:
    known = set(schemes.subjects(RDF.type, SKOS.ConceptScheme))
    faults = []
    for concept in concepts(schemes):
        inside = set(schemes.objects(concept, SKOS.inScheme))
        if not inside or inside - known:
            faults.append(f"{concept} is in {inside or 'no scheme'}")
        on_top = set(schemes.objects(concept, SKOS.topConceptOf))
        if on_top != (set() if any(schemes.objects(concept, SKOS.broader)) else inside):
            faults.append(f"{concept} is top concept of {on_top}")
    assert not faults, "\n".join(faults)


def test_broader_stays_in_the_scheme_and_has_no_cycle(schemes: Graph) -> None:
    faults = []
    for concept, parent in schemes.subject_objects(SKOS.broader):
        if not set(schemes.objects(concept, SKOS.inScheme)) & set(schemes.objects(parent, SKOS.inScheme)):
            faults.append(f"{parent} is in no scheme of {concept}")
        if concept in schemes.transitive_objects(parent, SKOS.broader):
            faults.append(f"{concept} is above itself")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("scheme", "tree"), [("channel", CHANNELS), ("theme", THEMES)])
def test_the_trees(schemes: Graph, scheme: str, tree: dict[str, str]) -> None:
    root = URIRef(iris.concept(scheme))
    stated = {
        (iris.local(str(parent)), iris.local(str(child)))
        for child, parent in schemes.subject_objects(SKOS.broader)
        if (child, SKOS.inScheme, root) in schemes
    }
    assert stated == {(parent, child) for parent, children in tree.items() for child in children.split()}


def test_one_direction_only(schemes: Graph) -> None:
    assert not {SKOS.narrower, SKOS.hasTopConcept} & set(schemes.predicates())


@pytest.mark.parametrize("text", [SKOS.notation, SKOS.prefLabel])
def test_notation_and_label_are_unique_in_a_scheme(schemes: Graph, text: URIRef) -> None:
    counted = Counter(
        (scheme, value)
        for concept, value in schemes.subject_objects(text)
        for scheme in schemes.objects(concept, SKOS.inScheme)
    )
    assert not [pair for pair, times in counted.items() if times > 1]


def test_names_are_kebab_case(schemes: Graph) -> None:
    pattern = re.compile(r"[a-z]+(-[a-z]+)*|[A-Z]{3}")
    faults = [str(concept) for concept in concepts(schemes) if not pattern.fullmatch(iris.local(str(concept)))]
    assert not faults


@pytest.mark.parametrize("scheme", CODES)
def test_a_code_scheme_has_exactly_its_values(schemes: Graph, scheme: str) -> None:
    assert members(schemes, f"code/scheme/{scheme}") == set(CODES[scheme].split())


def test_a_word_of_two_schemes_is_one_concept(schemes: Graph) -> None:
    shared = {
        iris.local(str(concept))
        for concept in concepts(schemes)
        if len(list(schemes.objects(concept, SKOS.inScheme))) > 1
    }
    assert shared == {"at-least", "at-most", "government", "other", "rejected"}


def test_currencies_match_the_authority_table(schemes: Graph) -> None:
    table = "http://publications.europa.eu/resource/authority/currency/"
    codes = {code for code in members(schemes, "unit") if code.isupper()}
    matched = {str(target).removeprefix(table) for target in schemes.objects(None, SKOS.exactMatch) if table in target}
    assert codes == matched
    assert codes >= {"CNY", "USD", "EUR", "GBP", "JPY", "KRW"}


def test_mappings_keep_to_skos(schemes: Graph) -> None:
    """SKOS reference S46: exactMatch excludes broadMatch and relatedMatch; here a pair has one mapping of any kind."""
    pairs = Counter(pair for mapping in MAPPINGS for pair in schemes.subject_objects(mapping))
    assert not [pair for pair, times in pairs.items() if times > 1]
    inside = {target for mapping in MAPPINGS for target in schemes.objects(None, mapping) if iris.BASE in target}
    assert inside <= set(concepts(schemes)), "a mapping leads to a stub that is not there"


@pytest.mark.parametrize(
    ("channel", "mapping", "category"),
    [
        ("six-ways", SKOS.exactMatch, "ncste/six-ways"),
        ("joint-platform", SKOS.closeMatch, "ncste/jointly-built-bodies"),
        ("licence-sole", SKOS.broadMatch, "autm/licenses-executed"),
        ("technology-development", SKOS.narrowMatch, "autm/industry-sponsored-research"),
        ("development-commissioned", SKOS.closeMatch, "he-bci/contract-research"),
        ("equity-by-valuation", SKOS.relatedMatch, "he-bci/spin-offs-part-owned"),
        ("rights-based", SKOS.narrowMatch, "kti/licences-options-assignments"),
        ("licensing", SKOS.broadMatch, "kti/licences-options-assignments"),
        ("development-cooperative", SKOS.relatedMatch, "us-federal-labs/cooperative-research-agreements"),
        ("spin-off", SKOS.broadMatch, "scopr/new-companies"),
    ],
)
def test_mappings_lead_from_ours_to_theirs(schemes: Graph, channel: str, mapping: URIRef, category: str) -> None:
    ours, theirs = (URIRef(iris.concept(path)) for path in (f"channel/{channel}", f"external/{category}"))
    assert (ours, mapping, theirs) in schemes
    assert not list(schemes.triples((theirs, None, ours)))


def test_every_concept_that_shapes_and_queries_name_exists(schemes: Graph) -> None:
    prefixes = {"ch": "channel/", "theme": "theme/", "code": "code/", "counterpart": "counterpart/", "ccy": "unit/"}
    written = re.compile(rf"(?<![\w-])({'|'.join(prefixes)}):([\w-]*\w)")
    known = {str(concept) for concept in concepts(schemes)}
    faults = [
        f"{file.name}: {prefix}:{word}"
        for file in [*(ROOT / "shapes").rglob("*.ttl"), *(ROOT / "queries").rglob("*.rq")]
        for prefix, word in written.findall(file.read_text("utf-8"))
        if iris.concept(prefixes[prefix] + word) not in known
    ]
    assert not faults, f"no such concept: {faults}"
