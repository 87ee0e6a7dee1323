#+ change: no release
#+ results:
#+ - severity: Violation
#+   rule: tts:NetworkRunShape-release
#+   component: sh:MinCountConstraintComponent
#+   focus: id:network/0123456789abcdef
#+   path: tt:release

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/network/0123456789abcdef> tt:release "r1" }
