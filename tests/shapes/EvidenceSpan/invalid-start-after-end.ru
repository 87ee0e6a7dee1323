#+ change: start and end are the same
#+ results:
#+ - severity: Violation
#+   rule: tts:EvidenceSpanShape-startOffset
#+   component: sh:LessThanConstraintComponent
#+   focus: id:doc/report/span/204-222
#+   path: tt:startOffset
#+   value: '222'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/doc/report/span/204-222> tt:startOffset 204 } ;
INSERT DATA { <id/doc/report/span/204-222> tt:startOffset 222 }
