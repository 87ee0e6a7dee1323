#+ change: the assessment compares the whole with something else
#+ results:
#+ - severity: Warning
#+   rule: tts:PartitionAdvice-sum
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:partition/six-ways
#+   value: id:obs/other/first

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/assessment/1> tt:comparedWith <id/obs/derived/other> } ;
INSERT DATA { <id/assessment/1> tt:comparedWith <id/obs/other/second> }
