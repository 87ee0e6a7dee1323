#+ change: no value
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-value
#+   component: sh:MinCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:value

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/value> tt:value 125600000000.0 }
