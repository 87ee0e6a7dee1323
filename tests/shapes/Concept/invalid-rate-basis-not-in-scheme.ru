#+ change: a concept of another scheme
#+ results:
#+ - severity: Violation
#+   rule: tts:ConceptValueShape-scheme
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:conversion/a
#+   path: tt:rateBasis
#+   value: theme:talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/conversion/a> tt:rateBasis <concept/code/rate-implied> } ;
INSERT DATA { <id/conversion/a> tt:rateBasis <concept/theme/talent> }
