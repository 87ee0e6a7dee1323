#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: ind:a
#+   path: tt:unitKind
#+   value: theme:talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/indicator/a> tt:unitKind <concept/code/money> } ;
INSERT DATA { <id/indicator/a> tt:unitKind <concept/theme/talent> }
