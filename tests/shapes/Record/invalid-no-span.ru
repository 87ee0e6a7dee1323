#+ change: the observation loses its span
#+ results:
#+ - severity: Violation
#+   rule: tts:RecordShape-evidence
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:evidence
#+   value: id:doc/report

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/value> tt:evidence <id/doc/report/span/204-222> }
