#+ change: a later figure revises an operand
#+ results:
#+ - severity: Warning
#+   rule: tts:DerivationAdvice-revised
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/before
#+   value: id:obs/source/increase

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/obs/source/new> tt:revises <id/obs/source/increase> }
