#+ change: no status
#+ results:
#+ - severity: Violation
#+   rule: tts:UptakeRecordShape-uptakeStatus
#+   component: sh:MinCountConstraintComponent
#+   focus: id:uptake/1
#+   path: tt:uptakeStatus

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/uptake/1> tt:uptakeStatus code:partly }
