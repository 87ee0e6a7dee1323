#+ change: no operation
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-operation
#+   component: sh:MinCountConstraintComponent
#+   focus: id:derivation/sum
#+   path: tt:operation

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/derivation/sum> tt:operation code:sum }
