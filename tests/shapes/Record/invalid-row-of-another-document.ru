#+ change: the row is that of another document
#+ results:
#+ - severity: Violation
#+   rule: tts:RecordShape-evidence
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:agreement/source/1
#+   path: tt:evidence
#+   value: id:doc/report

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/agreement/source/1> tt:evidence <id/doc/report#row=17> } ;
INSERT DATA { <id/agreement/source/1> tt:evidence <id/doc/cited#row=17> }
