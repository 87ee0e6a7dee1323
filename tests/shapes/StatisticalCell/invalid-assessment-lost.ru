#+ change: the assessment compares with something else
#+ results:
#+ - severity: Warning
#+   rule: tts:StatisticalCellAdvice-conflict
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:cell/assessed
#+   value: id:obs/b/assessed

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/assessment/1> tt:comparedWith <id/obs/b/assessed> } ;
INSERT DATA { <id/assessment/1> tt:comparedWith <id/obs/a/level> }
