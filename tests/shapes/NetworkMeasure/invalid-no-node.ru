#+ change: no node
#+ results:
#+ - severity: Violation
#+   rule: tts:NetworkMeasureShape-observedUnit
#+   component: sh:MinCountConstraintComponent
#+   focus: id:measure/1
#+   path: tt:observedUnit

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/measure/1> tt:observedUnit <id/org/institute> }
