#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: org-id:a
#+   path: tt:organizationStatus
#+   value: theme:talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/org/a> tt:organizationStatus <concept/code/active> } ;
INSERT DATA { <id/org/a> tt:organizationStatus <concept/theme/talent> }
