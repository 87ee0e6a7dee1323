#+ change: no definition
#+ results:
#+ - severity: Violation
#+   rule: tts:NetworkRunShape-networkDefinition
#+   component: sh:MinCountConstraintComponent
#+   focus: id:network/0123456789abcdef
#+   path: tt:networkDefinition

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/network/0123456789abcdef> tt:networkDefinition <queries/networks/collaboration> }
