#+ change: an addend is no longer there
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-addend
#+   component: sh:ClassConstraintComponent
#+   focus: id:derivation/sum
#+   path: tt:addend
#+   value: id:obs/source/work

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/work> a tt:Observation }
