#+ change: the target stands in the same document
#+ results:
#+ - severity: Warning
#+   rule: tts:ObservationAdvice-twice
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/target
#+   value: id:obs/source/value

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/obs/source/target> tt:statedIn <id/doc/report> }
