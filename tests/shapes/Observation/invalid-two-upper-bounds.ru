#+ change: a second upper bound
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-upperBound
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:upperBound

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/obs/source/value> tt:upperBound 125660000000.0 }
