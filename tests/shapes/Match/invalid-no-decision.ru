#+ change: no decision
#+ results:
#+ - severity: Violation
#+   rule: tts:MatchShape-matchDecision
#+   component: sh:MinCountConstraintComponent
#+   focus: id:match/2
#+   path: tt:matchDecision

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/match/2> tt:matchDecision code:rejected }
