#+ change: a second operation
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-operation
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:derivation/count
#+   path: tt:operation

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

INSERT DATA { <id/derivation/count> tt:operation code:sum-records }
