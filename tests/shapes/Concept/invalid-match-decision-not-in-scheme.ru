#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:match/a
#+   path: tt:matchDecision
#+   value: theme:talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/match/a> tt:matchDecision <concept/code/review> } ;
INSERT DATA { <id/match/a> tt:matchDecision <concept/theme/talent> }
