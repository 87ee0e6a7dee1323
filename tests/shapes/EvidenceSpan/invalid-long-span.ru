#+ change: the span grows to 301 characters
#+ results:
#+ - severity: Warning
#+   rule: tts:EvidenceSpanAdvice-length
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:doc/report/span/204-222
#+   value: id:doc/report/span/204-222

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/doc/report/span/204-222> tt:endOffset 222 } ;
INSERT DATA { <id/doc/report/span/204-222> tt:endOffset 505 }
