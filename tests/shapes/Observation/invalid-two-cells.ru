#+ change: a second cell
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-cell
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:cell
#+ - severity: Violation
#+   rule: tts:ObservationShape-cellKey
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:cell
#+   value: id:cell/staff

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/obs/source/value> tt:cell <id/cell/staff> }
