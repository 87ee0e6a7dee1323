#+ change: a second lower bound
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-lowerBound
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:lowerBound

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/obs/source/value> tt:lowerBound 125540000000.0 }
