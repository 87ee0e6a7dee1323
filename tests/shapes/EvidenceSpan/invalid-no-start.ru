#+ change: no start
#+ results:
#+ - severity: Violation
#+   rule: tts:EvidenceSpanShape-startOffset
#+   component: sh:MinCountConstraintComponent
#+   focus: id:doc/report/span/204-222
#+   path: tt:startOffset

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/doc/report/span/204-222> tt:startOffset 204 }
