#+ change: a second decision
#+ results:
#+ - severity: Violation
#+   rule: tts:MatchShape-matchDecision
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:match/1
#+   path: tt:matchDecision

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

INSERT DATA { <id/match/1> tt:matchDecision code:linked }
