#+ change: the derived value no longer reaches the reported one
#+ results:
#+ - severity: Warning
#+   rule: tts:StatisticalCellAdvice-conflict
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:cell/level
#+   value: id:obs/a/level

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/b/level> tt:lowerBound 108.05 } ;
INSERT DATA { <id/obs/b/level> tt:lowerBound 108.61 }
