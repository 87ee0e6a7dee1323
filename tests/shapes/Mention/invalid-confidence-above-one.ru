#+ change: a confidence in percent
#+ results:
#+ - severity: Violation
#+   rule: tts:MentionShape-linkConfidence
#+   component: sh:MaxInclusiveConstraintComponent
#+   focus: id:mention/source/1
#+   path: tt:linkConfidence
#+   value: '80'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/mention/source/1> tt:linkConfidence 0.8 } ;
INSERT DATA { <id/mention/source/1> tt:linkConfidence 80 }
