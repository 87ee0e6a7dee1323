#+ change: the whole document is given as evidence
#+ results:
#+ - severity: Violation
#+   rule: tts:RowEvidenceShape-row
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:doc/report
#+   value: id:doc/report

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/agreement/register/1> tt:evidence <id/doc/report#row=17> } ;
INSERT DATA { <id/agreement/register/1> tt:evidence <id/doc/report> }
