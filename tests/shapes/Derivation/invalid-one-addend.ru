#+ change: a sum loses an addend
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-operands
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/sum
#+   path: tt:operation
#+   value: code:sum
#+ - severity: Violation
#+   rule: tts:DerivationShape-sum
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/sum
#+   value: id:obs/derived/sum

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/derivation/sum> tt:addend <id/obs/source/work> }
