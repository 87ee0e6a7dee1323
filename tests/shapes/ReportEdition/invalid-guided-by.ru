#+ change: guidedBy is a text
#+ results:
#+ - severity: Violation
#+   rule: tts:ReportEditionShape-guidedBy
#+   component: sh:NodeKindConstraintComponent
#+   focus: id:edition/report-2021
#+   path: tt:guidedBy
#+   value: wrong

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/edition/report-2021> tt:guidedBy "wrong" }
