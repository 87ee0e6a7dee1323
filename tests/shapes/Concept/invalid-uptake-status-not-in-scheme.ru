#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:uptake/a
#+   path: tt:uptakeStatus
#+   value: theme:talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/uptake/a> tt:uptakeStatus <concept/code/partly> } ;
INSERT DATA { <id/uptake/a> tt:uptakeStatus <concept/theme/talent> }
