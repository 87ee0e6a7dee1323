#+ change: partly taken up through nothing
#+ results:
#+ - severity: Warning
#+   rule: tts:UptakeRecordAdvice-through
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:uptake/1
#+   path: tt:uptakeStatus
#+   value: code:partly

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/uptake/1> tt:uptakeThrough <id/policy/plan> }
