#+ change: the hedged growth becomes an operand
#+ results:
#+ - severity: Info
#+   rule: tts:ObservationNote-hedged
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/growth
#+   path: tt:qualifier
#+   value: code:about

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/derivation/0123456789abcdef> tt:firstOperand <id/obs/source/growth> }
