#+ change: a second cell of which it is a share
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-cellKey
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/derived/0123456789abcdef
#+   path: tt:cell
#+   value: id:cell/share
#+ - severity: Violation
#+   rule: tts:ObservationShape-shareOf
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:obs/derived/0123456789abcdef
#+   path: tt:shareOf

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/obs/derived/0123456789abcdef> tt:shareOf <id/cell/staff> }
