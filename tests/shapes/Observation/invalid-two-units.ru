#+ change: a second unit
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-unit
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:unit
#+ - severity: Violation
#+   rule: tts:ObservationShape-unitKind
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:unit
#+   value: ccy:count

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/obs/source/value> tt:unit <concept/unit/count> }
