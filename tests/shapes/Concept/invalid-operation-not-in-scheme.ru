#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/a
#+   path: tt:operation
#+   value: theme:talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/derivation/a> tt:operation <concept/code/sum> } ;
INSERT DATA { <id/derivation/a> tt:operation <concept/theme/talent> }
