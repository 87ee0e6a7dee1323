#+ change: a second previous edition
#+ results:
#+ - severity: Violation
#+   rule: tts:ReportEditionShape-previousEdition
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:edition/report-2021
#+   path: tt:previousEdition

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/edition/report-2021> tt:previousEdition <id/edition/report-2019> }
