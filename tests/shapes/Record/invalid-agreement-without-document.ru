#+ change: the agreement names no document
#+ results:
#+ - severity: Violation
#+   rule: tts:RecordShape-statedIn
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:agreement/source/1
#+   path: tt:statedIn
#+   value: id:agreement/source/1

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/agreement/source/1> tt:statedIn <id/doc/report> }
