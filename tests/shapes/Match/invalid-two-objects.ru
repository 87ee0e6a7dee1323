#+ change: a second object
#+ results:
#+ - severity: Violation
#+   rule: tts:MatchShape-matchObject
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:match/1
#+   path: tt:matchObject

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/match/1> tt:matchObject <id/org/ror-03cve4548> }
