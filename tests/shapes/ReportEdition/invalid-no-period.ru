#+ change: no period
#+ results:
#+ - severity: Violation
#+   rule: tts:ReportEditionShape-coversPeriod
#+   component: sh:MinCountConstraintComponent
#+   focus: id:edition/report-2021
#+   path: tt:coversPeriod

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/edition/report-2021> tt:coversPeriod <id/period/CY2020> }
