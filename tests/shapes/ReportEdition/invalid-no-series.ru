#+ change: the edition belongs to no series
#+ results:
#+ - severity: Violation
#+   rule: tts:ReportEditionShape-editionOf
#+   component: sh:MinCountConstraintComponent
#+   focus: id:edition/report-2021
#+   path: tt:editionOf

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/edition/report-2021> tt:editionOf <id/series/report> }
