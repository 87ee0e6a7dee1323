#+ change: no lower bound
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-lowerBound
#+   component: sh:MinCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:lowerBound

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/value> tt:lowerBound 125550000000.0 }
