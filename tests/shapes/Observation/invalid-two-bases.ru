#+ change: a second comparison basis
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-comparisonBasis
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:obs/source/growth
#+   path: tt:comparisonBasis

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

INSERT DATA { <id/obs/source/growth> tt:comparisonBasis code:all-filers }
