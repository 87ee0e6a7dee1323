#+ change: no assessment joins the two
#+ results:
#+ - severity: Warning
#+   rule: tts:RestatementAdvice-reason
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:finding/source/talent-again
#+   path: tt:mayRestate
#+   value: id:finding/source/talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/assessment/talent-again> tt:comparedWith <id/finding/source/talent> }
