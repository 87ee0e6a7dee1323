#+ change: the edition statement names no document
#+ results:
#+ - severity: Violation
#+   rule: tts:RecordShape-statedIn
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:edition-statement/source/2021
#+   path: tt:statedIn
#+   value: id:edition-statement/source/2021

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/edition-statement/source/2021> tt:statedIn <id/doc/cited> }
