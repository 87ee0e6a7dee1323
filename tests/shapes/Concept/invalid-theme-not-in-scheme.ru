#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:finding/a/talent
#+   path: tt:theme
#+   value: code:sum

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/finding/a/talent> tt:theme <concept/theme/talent> } ;
INSERT DATA { <id/finding/a/talent> tt:theme <concept/code/sum> }
