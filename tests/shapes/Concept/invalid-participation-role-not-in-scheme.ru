#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:participation/a
#+   path: tt:participationRole
#+   value: theme:talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/participation/a> tt:participationRole <concept/code/host> } ;
INSERT DATA { <id/participation/a> tt:participationRole <concept/theme/talent> }
