#+ change: the document is not described
#+ results:
#+ - severity: Violation
#+   rule: tts:EvidenceSpanShape-spanOf
#+   component: sh:ClassConstraintComponent
#+   focus: id:doc/report/span/204-222
#+   path: tt:spanOf
#+   value: id:doc/report
#+ - severity: Violation
#+   rule: tts:RowEvidenceShape-row
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:doc/report#row=17
#+   value: id:doc/report#row=17

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/doc/report> a tt:Document }
