#+ change: no indicator
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-indicator
#+   component: sh:MinCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:indicator

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/value> tt:indicator <id/indicator/contract-value> }
