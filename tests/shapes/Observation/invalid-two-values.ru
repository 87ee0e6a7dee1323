#+ change: a second value
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-statedValue
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:value
#+   value: '125600000001'
#+ - severity: Violation
#+   rule: tts:ObservationShape-value
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:value

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/obs/source/value> tt:value 125600000001.0 }
