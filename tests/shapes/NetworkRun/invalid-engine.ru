#+ change: engine is a number
#+ results:
#+ - severity: Violation
#+   rule: tts:NetworkRunShape-engine
#+   component: sh:DatatypeConstraintComponent
#+   focus: id:network/0123456789abcdef
#+   path: tt:engine
#+   value: '1'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/network/0123456789abcdef> tt:engine "rustworkx" } ;
INSERT DATA { <id/network/0123456789abcdef> tt:engine 1 }
