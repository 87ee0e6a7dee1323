#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:assessment/a
#+   path: tt:verdict
#+   value: theme:talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/assessment/a> tt:verdict <concept/code/rounding> } ;
INSERT DATA { <id/assessment/a> tt:verdict <concept/theme/talent> }
