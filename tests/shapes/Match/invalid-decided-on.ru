#+ change: decidedOn is a text
#+ results:
#+ - severity: Violation
#+   rule: tts:MatchShape-decidedOn
#+   component: sh:DatatypeConstraintComponent
#+   focus: id:match/1
#+   path: tt:decidedOn
#+   value: wrong

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/match/1> tt:decidedOn "wrong" }
