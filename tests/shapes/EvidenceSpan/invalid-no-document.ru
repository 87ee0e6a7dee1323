#+ change: the span names no document
#+ results:
#+ - severity: Violation
#+   rule: tts:EvidenceSpanShape-spanOf
#+   component: sh:MinCountConstraintComponent
#+   focus: id:doc/report/span/204-222
#+   path: tt:spanOf

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/doc/report/span/204-222> tt:spanOf <id/doc/report> }
