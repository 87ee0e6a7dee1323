#+ change: the recommendation names no document
#+ results:
#+ - severity: Violation
#+   rule: tts:RecordShape-statedIn
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:recommendation/source/talent
#+   path: tt:statedIn
#+   value: id:recommendation/source/talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/recommendation/source/talent> tt:statedIn <id/doc/cited> }
