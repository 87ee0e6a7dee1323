#+ change: the assessment compares the sum with something else
#+ results:
#+ - severity: Warning
#+   rule: tts:PartitionAdvice-sum
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:partition/six-ways
#+   value: id:obs/other/second

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/assessment/2> tt:comparedWith <id/obs/other/second> } ;
INSERT DATA { <id/assessment/2> tt:comparedWith <id/obs/source/contracts> }
