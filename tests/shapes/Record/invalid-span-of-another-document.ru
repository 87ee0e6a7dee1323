#+ change: the span is that of another document
#+ results:
#+ - severity: Violation
#+   rule: tts:RecordShape-evidence
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/value
#+   path: tt:evidence
#+   value: id:doc/report

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/doc/report/span/204-222> tt:spanOf <id/doc/report> } ;
INSERT DATA { <id/doc/report/span/204-222> tt:spanOf <id/doc/cited> }
