#+ change: the collaboration names no document
#+ results:
#+ - severity: Violation
#+   rule: tts:RecordShape-statedIn
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:collaboration/source/project
#+   path: tt:statedIn
#+   value: id:collaboration/source/project

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/collaboration/source/project> tt:statedIn <id/doc/cited> }
