#+ change: no recommendation
#+ results:
#+ - severity: Violation
#+   rule: tts:UptakeRecordShape-uptakeOf
#+   component: sh:MinCountConstraintComponent
#+   focus: id:uptake/1
#+   path: tt:uptakeOf

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/uptake/1> tt:uptakeOf <id/recommendation/source/talent> }
