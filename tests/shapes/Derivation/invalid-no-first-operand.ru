#+ change: a difference loses its first operand
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-operands
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/share
#+   path: tt:operation
#+   value: code:divide

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/derivation/share> tt:firstOperand <id/obs/source/rights> }
