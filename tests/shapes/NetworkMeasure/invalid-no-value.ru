#+ change: no value
#+ results:
#+ - severity: Violation
#+   rule: tts:NetworkMeasureShape-value
#+   component: sh:MinCountConstraintComponent
#+   focus: id:measure/1
#+   path: tt:value

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/measure/1> tt:value 0.25 }
