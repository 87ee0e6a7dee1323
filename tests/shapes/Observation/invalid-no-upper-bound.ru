#+ change: no upper bound
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-upperBound
#+   component: sh:MinCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:upperBound

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/value> tt:upperBound 125650000000.0 }
