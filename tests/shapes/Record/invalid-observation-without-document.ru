#+ change: the observation names no document
#+ results:
#+ - severity: Violation
#+   rule: tts:RecordShape-statedIn
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:statedIn
#+   value: id:obs/source/value

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/value> tt:statedIn <id/doc/report> }
