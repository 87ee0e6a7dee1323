#+ change: no parameters
#+ results:
#+ - severity: Violation
#+   rule: tts:NetworkRunShape-runParameters
#+   component: sh:MinCountConstraintComponent
#+   focus: id:network/0123456789abcdef
#+   path: tt:runParameters

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/network/0123456789abcdef> tt:runParameters "{}" }
