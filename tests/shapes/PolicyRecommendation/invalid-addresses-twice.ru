#+ change: the shortfall is both addressed and perhaps addressed
#+ results:
#+ - severity: Warning
#+   rule: tts:PolicyRecommendationAdvice-addressesTwice
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:recommendation/source/talent
#+   path: tt:mayAddress
#+   value: id:finding/source/talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/recommendation/source/talent> tt:mayAddress <id/finding/source/talent> }
