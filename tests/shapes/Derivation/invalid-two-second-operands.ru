#+ change: a second second operand
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-secondOperand
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:derivation/share
#+   path: tt:secondOperand
#+ - severity: Violation
#+   rule: tts:DerivationShape-value
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/share
#+   value: id:obs/derived/share

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/derivation/share> tt:secondOperand <id/obs/source/work> }
