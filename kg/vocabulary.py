"""The terms that the code names, in closed namespaces: a misspelt term fails at import, not at query time.

``TT`` lists every term of ontology/techtransfer.ttl (a test holds the two equal). Of the outside vocabularies only what
is used is here. Values are IRIs as ``str``; ``PREFIXES`` is the one list of prefixes that queries, Turtle output and
results share.
"""

from __future__ import annotations

import re

from kg import iris


class Vocabulary:
    """A namespace with a fixed set of terms, each an attribute that holds its IRI.

    Raises
    ------
    AttributeError
        A term was asked for that the vocabulary does not have.
    """

    def __init__(self, namespace: str, terms: str) -> None:
        self.namespace = namespace
        self.terms = frozenset(terms.split())

    def __getattr__(self, term: str) -> str:
        name = term.rstrip("_")
        if name not in self.terms:
            raise AttributeError(f"{self.namespace} has no term {name}")
        return f"{self.namespace}{name}"


TT = Vocabulary(
    iris.ONTOLOGY,
    """
    Record Observation Finding Shortfall Progress Outlook PolicyRecommendation Policy EditionStatement UptakeRecord
    Collaboration Participation TransferAgreement Mention Match NetworkMeasure NetworkRun StatisticalUnit Organization
    Population Document ReportSeries ReportEdition Event Indicator Unit Area Period StatisticalCell Derivation
    CurrencyConversion Partition Evidence EvidenceSpan KnowledgeAsset Assessment ObservationStructure

    statedIn attributedTo relayedBy evidence theme channel
    organizationType sector homeArea inPopulation organizationStatus succeededBy relatedTo established
    partOfPopulation withinArea firstDay lastDay nominal editionLag
    editionOf previousEdition editionYear coversPeriod compiledBy guidedBy
    aboutEdition saysCompiler saysGuide saysReleasedBy saysReleasedIn saysReleasedAt
    heldDuring heldIn hostedBy
    contentDigest byteLength characterLength reportsOn relays sourceQuality
    spanOf startOffset endOffset spanDigest paragraph
    indicator refPeriod refArea observedUnit transformation cell hasObservation
    comparisonPeriod wholeIndicator wholeChannel wholePeriod wholeObservedUnit shareOf counterpart
    thresholdValue thresholdUnit thresholdComparator
    value unit status qualifier statedValue unitMultiplier statedPrecision lowerBound upperBound comparisonBasis
    isSuperlative revises derivedBy
    operation firstOperand secondOperand addend derivationRule
    networkDefinition runParameters seed release engine engineVersion
    sourceObservation targetObservation impliedRate statedRate rateDate rateBasis
    partitionWhole partitionPart partCount
    unitKind isStock isAdditive
    targetIndicator concernsArea restates mayRestate concerns addresses mayAddress
    policyType jurisdiction issuedBy implements measuredBy inForceFrom inForceUntil
    uptakeOf uptakeStatus uptakeThrough judgedOn
    collaborationType hasParticipation hasParticipant duringPeriod programme budget budgetUnit concernsOutput atEvent
    participant participationRole contribution contributionUnit
    provider recipient asset agreementValue agreementUnit agreedOn
    matchSubject matchObject matchScore matchDecision decidedOn
    refersTo mentionsOrganization mentionKind linkConfidence
    assesses comparedWith verdict rationale assessedOn

    states hasEdition nextEdition revisedBy restatedBy addressedBy implementedBy participationOf
    """,
)
RDF = Vocabulary("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type value")
RDFS = Vocabulary(
    "http://www.w3.org/2000/01/rdf-schema#", "label comment seeAlso subClassOf subPropertyOf isDefinedBy domain range"
)
XSD = Vocabulary(
    "http://www.w3.org/2001/XMLSchema#",
    "string integer nonNegativeInteger decimal double float boolean date dateTime gYear gYearMonth anyURI language "
    "time duration hexBinary",
)
SKOS = Vocabulary(
    "http://www.w3.org/2004/02/skos/core#",
    "Concept ConceptScheme prefLabel altLabel definition broader narrower inScheme exactMatch closeMatch broadMatch "
    "narrowMatch relatedMatch notation",
)
DCTERMS = Vocabulary(
    "http://purl.org/dc/terms/",
    "title description issued created modified publisher creator language source license rights accessRights "
    "identifier isPartOf conformsTo subject bibliographicCitation format Frequency accrualPeriodicity",
)
PROV = Vocabulary(
    "http://www.w3.org/ns/prov#",
    "Entity Activity Agent SoftwareAgent used wasDerivedFrom wasRevisionOf wasGeneratedBy wasAssociatedWith "
    "wasAttributedTo startedAtTime endedAtTime generated invalidated",
)
OWL = Vocabulary("http://www.w3.org/2002/07/owl#", "sameAs versionInfo")
QB = Vocabulary("http://purl.org/linked-data/cube#", "DataSet dataSet structure Observation")
VOID = Vocabulary(
    "http://rdfs.org/ns/void#",
    "Dataset DatasetDescription Linkset triples entities distinctSubjects distinctObjects classes properties documents "
    "class property classPartition propertyPartition subset subjectsTarget objectsTarget linkPredicate uriSpace "
    "sparqlEndpoint dataDump vocabulary feature exampleResource inDataset",
)
DCAT = Vocabulary(
    "http://www.w3.org/ns/dcat#",
    "Catalog Dataset DatasetSeries Distribution DataService dataset service distribution inSeries first last prev "
    "previousVersion version hasCurrentVersion hasVersion isVersionOf accessURL downloadURL mediaType compressFormat "
    "byteSize keyword theme landingPage endpointURL endpointDescription servesDataset accessService",
)
FOAF = Vocabulary("http://xmlns.com/foaf/0.1/", "Agent name homepage primaryTopic topic")
SPDX = Vocabulary("http://spdx.org/rdf/terms#", "Checksum checksum algorithm checksumValue checksumAlgorithm_sha256")
SH = Vocabulary(
    "http://www.w3.org/ns/shacl#",
    "ValidationReport ValidationResult conforms result focusNode resultPath value sourceShape "
    "sourceConstraintComponent sourceConstraint resultSeverity resultMessage Violation Warning Info NodeShape "
    "PropertyShape targetClass sparql select message severity prefixes declare prefix namespace "
    "SPARQLConstraintComponent deactivated targetNode targetSubjectsOf targetObjectsOf",
)

PREFIXES: dict[str, str] = {
    "tt": iris.ONTOLOGY,
    "tts": iris.SHAPES,
    "id": iris.ID,
    "org-id": f"{iris.ID}org/",
    "ind": f"{iris.ID}indicator/",
    "ch": f"{iris.CONCEPT}channel/",
    "theme": f"{iris.CONCEPT}theme/",
    "code": f"{iris.CONCEPT}code/",
    "ccy": f"{iris.CONCEPT}unit/",
    "graph": iris.GRAPH,
    "rdf": RDF.namespace,
    "rdfs": RDFS.namespace,
    "xsd": XSD.namespace,
    "owl": OWL.namespace,
    "skos": SKOS.namespace,
    "dcterms": DCTERMS.namespace,
    "prov": PROV.namespace,
    "qb": QB.namespace,
    "sh": SH.namespace,
    "org": "http://www.w3.org/ns/org#",
    "dcat": DCAT.namespace,
    "void": VOID.namespace,
    "time": "http://www.w3.org/2006/time#",
    "oa": "http://www.w3.org/ns/oa#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "schema": "http://schema.org/",
    "foaf": FOAF.namespace,
    "spdx": SPDX.namespace,
}


_PREFIX_OF = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_NAMESPACE = re.compile("|".join(map(re.escape, sorted(_PREFIX_OF, key=len, reverse=True))))


def shortened(iri: str) -> str:
    """An IRI as people read it: with the longest prefix that fits, ``id:doc/gt25``."""
    fitting = _NAMESPACE.match(iri)
    return f"{_PREFIX_OF[fitting[0]]}:{iri[fitting.end() :]}" if fitting else iri
