#+ change: no theme
#+ results:
#+ - severity: Violation
#+   rule: tts:PolicyRecommendationShape-theme
#+   component: sh:MinCountConstraintComponent
#+   focus: id:recommendation/source/talent
#+   path: tt:theme

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/recommendation/source/talent> tt:theme <concept/theme/talent> }
