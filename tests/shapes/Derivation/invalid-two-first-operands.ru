#+ change: a second first operand
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-firstOperand
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:derivation/share
#+   path: tt:firstOperand
#+ - severity: Violation
#+   rule: tts:DerivationShape-value
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/share
#+   value: id:obs/derived/share

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/derivation/share> tt:firstOperand <id/obs/source/work> }
