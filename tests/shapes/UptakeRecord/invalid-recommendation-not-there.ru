#+ change: the recommendation is not described
#+ results:
#+ - severity: Violation
#+   rule: tts:UptakeRecordShape-uptakeOf
#+   component: sh:ClassConstraintComponent
#+   focus: id:uptake/1
#+   path: tt:uptakeOf
#+   value: id:recommendation/source/talent

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/recommendation/source/talent> a tt:PolicyRecommendation }
