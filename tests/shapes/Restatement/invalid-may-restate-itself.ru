#+ change: it restates itself
#+ results:
#+ - severity: Violation
#+   rule: tts:RestatementShape-sameKind
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:finding/source/talent-again
#+   path: tt:mayRestate
#+   value: id:finding/source/talent-again

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/finding/source/talent-again> tt:mayRestate <id/finding/source/talent-again> }
