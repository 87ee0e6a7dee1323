#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:mention/a
#+   path: tt:mentionKind
#+   value: theme:talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/mention/a> tt:mentionKind <concept/code/by-name> } ;
INSERT DATA { <id/mention/a> tt:mentionKind <concept/theme/talent> }
