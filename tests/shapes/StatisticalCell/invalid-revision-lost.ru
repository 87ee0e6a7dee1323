#+ change: the third figure no longer revises the second
#+ results:
#+ - severity: Warning
#+   rule: tts:StatisticalCellAdvice-conflict
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:cell/revised
#+   value: id:obs/a/first

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/c/third> tt:revises <id/obs/b/second> }
