#+ change: the document is shorter than the span says
#+ results:
#+ - severity: Violation
#+   rule: tts:EvidenceSpanShape-documentLength
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:doc/report/span/204-222
#+   path: tt:endOffset
#+   value: '222'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/doc/report> tt:characterLength 2000 } ;
INSERT DATA { <id/doc/report> tt:characterLength 221 }
