#+ change: a difference loses its second operand
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-operands
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/before
#+   path: tt:operation
#+   value: code:subtract

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/derivation/before> tt:secondOperand <id/obs/source/increase> }
