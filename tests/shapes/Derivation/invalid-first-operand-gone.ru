#+ change: the first operand is no longer there
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-firstOperand
#+   component: sh:ClassConstraintComponent
#+   focus: id:derivation/before
#+   path: tt:firstOperand
#+   value: id:obs/source/value
#+ - severity: Violation
#+   rule: tts:DerivationShape-firstOperand
#+   component: sh:ClassConstraintComponent
#+   focus: id:derivation/growth
#+   path: tt:firstOperand
#+   value: id:obs/source/value
#+ - severity: Violation
#+   rule: tts:DerivationShape-firstOperand
#+   component: sh:ClassConstraintComponent
#+   focus: id:derivation/mean
#+   path: tt:firstOperand
#+   value: id:obs/source/value

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/value> a tt:Observation }
