#+ change: the recommendation answers nothing
#+ results:
#+ - severity: Info
#+   rule: tts:PolicyRecommendationNote-shortfall
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:recommendation/source/talent
#+   path: tt:concerns
#+   value: id:recommendation/source/talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/recommendation/source/talent> tt:addresses <id/finding/source/talent> }
