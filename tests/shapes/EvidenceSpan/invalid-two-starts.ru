#+ change: a second start
#+ results:
#+ - severity: Violation
#+   rule: tts:EvidenceSpanShape-startOffset
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:doc/report/span/204-222
#+   path: tt:startOffset

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/doc/report/span/204-222> tt:startOffset 200 }
