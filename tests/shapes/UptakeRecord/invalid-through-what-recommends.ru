#+ change: taken up through the edition that recommends
#+ results:
#+ - severity: Warning
#+   rule: tts:UptakeRecordAdvice-ownSource
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:uptake/1
#+   path: tt:uptakeThrough
#+   value: id:edition/report-2021

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/uptake/1> tt:uptakeThrough <id/edition/report-2021> }
