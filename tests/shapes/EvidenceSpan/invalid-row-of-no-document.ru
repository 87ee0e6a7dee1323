#+ change: the row is that of no document
#+ results:
#+ - severity: Violation
#+   rule: tts:RowEvidenceShape-row
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:doc/other#row=17
#+   value: id:doc/other#row=17

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/agreement/register/1> tt:evidence <id/doc/report#row=17> } ;
INSERT DATA { <id/agreement/register/1> tt:evidence <id/doc/other#row=17> }
