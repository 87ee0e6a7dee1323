#+ change: a second subject
#+ results:
#+ - severity: Violation
#+   rule: tts:MatchShape-matchSubject
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:match/1
#+   path: tt:matchSubject

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/match/1> tt:matchSubject <id/org/cordis-999999997> }
