#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:doc/a
#+   path: tt:sourceQuality
#+   value: theme:talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/doc/a> tt:sourceQuality <concept/code/press> } ;
INSERT DATA { <id/doc/a> tt:sourceQuality <concept/theme/talent> }
