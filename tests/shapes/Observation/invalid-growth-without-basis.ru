#+ change: the growth has no comparison basis
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-comparison
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/growth
#+   value: id:obs/source/growth

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/obs/source/growth> tt:comparisonBasis code:unstated }
