#+ change: the growth on the other basis differs
#+ results:
#+ - severity: Info
#+   rule: tts:StatisticalCellNote-basis
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:cell/growth
#+   value: id:obs/a/growth

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/c/growth> tt:lowerBound 0.125 } ;
INSERT DATA { <id/obs/c/growth> tt:lowerBound 0.1268 }
