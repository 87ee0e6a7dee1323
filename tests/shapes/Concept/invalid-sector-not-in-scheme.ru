#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: org-id:a
#+   path: tt:sector
#+   value: theme:talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/org/a> tt:sector <concept/code/higher-education> } ;
INSERT DATA { <id/org/a> tt:sector <concept/theme/talent> }
