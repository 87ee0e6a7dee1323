#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:collaboration/a
#+   path: tt:collaborationType
#+   value: theme:talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/collaboration/a> tt:collaborationType <concept/code/other> } ;
INSERT DATA { <id/collaboration/a> tt:collaborationType <concept/theme/talent> }
