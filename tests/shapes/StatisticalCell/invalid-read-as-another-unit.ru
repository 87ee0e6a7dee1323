#+ change: the dollars are read as yuan
#+ results:
#+ - severity: Warning
#+   rule: tts:StatisticalCellAdvice-conflict
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:cell/level
#+   value: id:obs/c/level
#+ - severity: Warning
#+   rule: tts:StatisticalCellAdvice-conflict
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:cell/level
#+   value: id:obs/c/level

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/c/level> tt:unit <concept/unit/USD> } ;
INSERT DATA { <id/obs/c/level> tt:unit <concept/unit/CNY> }
