#+ change: a second match inside our base
#+ results:
#+ - severity: Violation
#+   rule: tts:OrganizationShape-oneMatch
#+   component: sh:SPARQLConstraintComponent
#+   focus: org-id:ror-03cve4549
#+   path: skos:exactMatch
#+   value: org-id:cordis-999999999

BASE <https://w3id.org/techtransfer/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA { <id/org/ror-03cve4549> skos:exactMatch <id/org/cordis-999999999> }
