#+ change: the row has no number
#+ results:
#+ - severity: Violation
#+   rule: tts:RowEvidenceShape-row
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:doc/report#row
#+   value: id:doc/report#row

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/agreement/register/1> tt:evidence <id/doc/report#row=17> } ;
INSERT DATA { <id/agreement/register/1> tt:evidence <id/doc/report#row> }
