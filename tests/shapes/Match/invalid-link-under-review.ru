#+ change: the link was made before it was reviewed
#+ results:
#+ - severity: Violation
#+   rule: tts:MatchedOrganizationShape-decision
#+   component: sh:SPARQLConstraintComponent
#+   focus: org-id:cordis-999999999
#+   path: skos:exactMatch
#+   value: org-id:ror-03cve4549

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/match/1> tt:matchDecision code:accepted } ;
INSERT DATA { <id/match/1> tt:matchDecision code:review }
