#+ change: no seed
#+ results:
#+ - severity: Violation
#+   rule: tts:NetworkRunShape-seed
#+   component: sh:MinCountConstraintComponent
#+   focus: id:network/0123456789abcdef
#+   path: tt:seed

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/network/0123456789abcdef> tt:seed 1 }
