#+ change: the organization matched is itself matched
#+ results:
#+ - severity: Violation
#+   rule: tts:OrganizationShape-matchChain
#+   component: sh:SPARQLConstraintComponent
#+   focus: org-id:ror-03cve4549
#+   path: skos:exactMatch
#+   value: org-id:institute

BASE <https://w3id.org/techtransfer/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA { <id/org/institute> skos:exactMatch <id/org/cordis-999999999> }
