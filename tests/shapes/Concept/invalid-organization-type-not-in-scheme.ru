#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: org-id:a
#+   path: tt:organizationType
#+   value: theme:talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/org/a> tt:organizationType <concept/code/university> } ;
INSERT DATA { <id/org/a> tt:organizationType <concept/theme/talent> }
