#+ change: a second indicator
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-cellKey
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:cell
#+   value: id:cell/staff
#+ - severity: Violation
#+   rule: tts:ObservationShape-indicator
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:indicator
#+ - severity: Violation
#+   rule: tts:ObservationShape-unitKind
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/staff
#+   path: tt:unit
#+   value: ccy:person

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/obs/source/staff> tt:indicator <id/indicator/contract-value> }
