#+ change: no version of the engine
#+ results:
#+ - severity: Violation
#+   rule: tts:NetworkRunShape-engineVersion
#+   component: sh:MinCountConstraintComponent
#+   focus: id:network/0123456789abcdef
#+   path: tt:engineVersion

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/network/0123456789abcdef> tt:engineVersion "0.17.1" }
