#+ change: no edition
#+ results:
#+ - severity: Violation
#+   rule: tts:EditionStatementShape-aboutEdition
#+   component: sh:MinCountConstraintComponent
#+   focus: id:edition-statement/source/2021
#+   path: tt:aboutEdition

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/edition-statement/source/2021> tt:aboutEdition <id/edition/report-2021> }
