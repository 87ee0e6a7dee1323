#+ change: a negative score
#+ results:
#+ - severity: Violation
#+   rule: tts:MatchShape-matchScore
#+   component: sh:MinInclusiveConstraintComponent
#+   focus: id:match/1
#+   path: tt:matchScore
#+   value: '-0.9'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/match/1> tt:matchScore 0.9 } ;
INSERT DATA { <id/match/1> tt:matchScore -0.9 }
