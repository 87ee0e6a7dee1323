#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:policy/a
#+   path: tt:policyType
#+   value: theme:talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/policy/a> tt:policyType <concept/code/plan> } ;
INSERT DATA { <id/policy/a> tt:policyType <concept/theme/talent> }
