#+ change: the source says so as well
#+ results:
#+ - severity: Warning
#+   rule: tts:RestatementAdvice-restatesTwice
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:recommendation/source/train-again
#+   path: tt:mayRestate
#+   value: id:recommendation/source/train

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/recommendation/source/train-again> tt:restates <id/recommendation/source/train> }
