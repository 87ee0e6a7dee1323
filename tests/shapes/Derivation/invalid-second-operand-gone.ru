#+ change: the second operand is no longer there
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-secondOperand
#+   component: sh:ClassConstraintComponent
#+   focus: id:derivation/before
#+   path: tt:secondOperand
#+   value: id:obs/source/increase

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/increase> a tt:Observation }
