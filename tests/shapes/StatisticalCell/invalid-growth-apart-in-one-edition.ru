#+ change: the growth that one edition leaves open differs
#+ results:
#+ - severity: Warning
#+   rule: tts:StatisticalCellAdvice-conflict
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:cell/growth
#+   value: id:obs/a/growth

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/b/growth> tt:lowerBound 0.12 } ;
INSERT DATA { <id/obs/b/growth> tt:lowerBound 0.127 }
