#+ change: no indicator
#+ results:
#+ - severity: Violation
#+   rule: tts:NetworkMeasureShape-indicator
#+   component: sh:MinCountConstraintComponent
#+   focus: id:measure/1
#+   path: tt:indicator

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/measure/1> tt:indicator <id/indicator/betweenness> }
