#+ change: a second document
#+ results:
#+ - severity: Violation
#+   rule: tts:EvidenceSpanShape-spanOf
#+   component: sh:ClassConstraintComponent
#+   focus: id:doc/report/span/204-222
#+   path: tt:spanOf
#+   value: id:doc/other
#+ - severity: Violation
#+   rule: tts:EvidenceSpanShape-spanOf
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:doc/report/span/204-222
#+   path: tt:spanOf

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT { <id/doc/report/span/204-222> tt:spanOf <id/doc/other> } WHERE {}
