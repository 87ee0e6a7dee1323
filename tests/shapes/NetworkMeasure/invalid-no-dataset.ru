#+ change: no dataset
#+ results:
#+ - severity: Violation
#+   rule: tts:NetworkMeasureShape-dataSet
#+   component: sh:MinCountConstraintComponent
#+   focus: id:measure/1
#+   path: qb:dataSet

BASE <https://w3id.org/techtransfer/>
PREFIX qb: <http://purl.org/linked-data/cube#>

DELETE DATA { <id/measure/1> qb:dataSet <id/dataset/network> }
