#+ change: a negative confidence
#+ results:
#+ - severity: Violation
#+   rule: tts:MentionShape-linkConfidence
#+   component: sh:MinInclusiveConstraintComponent
#+   focus: id:mention/source/1
#+   path: tt:linkConfidence
#+   value: '-0.8'
#+ - severity: Warning
#+   rule: tts:MentionAdvice-linkConfidence
#+   component: sh:MinInclusiveConstraintComponent
#+   focus: id:mention/source/1
#+   path: tt:linkConfidence
#+   value: '-0.8'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/mention/source/1> tt:linkConfidence 0.8 } ;
INSERT DATA { <id/mention/source/1> tt:linkConfidence -0.8 }
