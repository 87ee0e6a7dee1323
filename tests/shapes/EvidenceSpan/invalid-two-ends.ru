#+ change: a second end
#+ results:
#+ - severity: Violation
#+   rule: tts:EvidenceSpanShape-endOffset
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:doc/report/span/204-222
#+   path: tt:endOffset

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/doc/report/span/204-222> tt:endOffset 223 }
