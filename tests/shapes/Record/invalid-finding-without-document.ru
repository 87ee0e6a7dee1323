#+ change: the finding names no document
#+ results:
#+ - severity: Violation
#+   rule: tts:RecordShape-statedIn
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:finding/source/talent
#+   path: tt:statedIn
#+   value: id:finding/source/talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/finding/source/talent> tt:statedIn <id/doc/cited> }
