#+ change: the growth has no comparison period
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-cellKey
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/growth
#+   path: tt:cell
#+   value: id:cell/growth
#+ - severity: Violation
#+   rule: tts:ObservationShape-comparison
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/growth
#+   value: id:obs/source/growth

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/growth> tt:comparisonPeriod <id/period/CY2019> }
