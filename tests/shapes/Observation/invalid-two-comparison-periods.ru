#+ change: a second comparison period
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-cellKey
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/growth
#+   path: tt:cell
#+   value: id:cell/growth
#+ - severity: Violation
#+   rule: tts:ObservationShape-comparisonPeriod
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:obs/source/growth
#+   path: tt:comparisonPeriod

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/obs/source/growth> tt:comparisonPeriod <id/period/CY2018> }
