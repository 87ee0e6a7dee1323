#+ change: a rejected match is linked
#+ results:
#+ - severity: Violation
#+   rule: tts:MatchedOrganizationShape-decision
#+   component: sh:SPARQLConstraintComponent
#+   focus: org-id:cordis-999999998
#+   path: skos:exactMatch
#+   value: org-id:ror-03cve4549

BASE <https://w3id.org/techtransfer/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA { <id/org/cordis-999999998> skos:exactMatch <id/org/ror-03cve4549> }
