#+ change: a second French label
#+ results:
#+ - severity: Violation
#+   rule: tts:OrganizationShape-label
#+   component: sh:UniqueLangConstraintComponent
#+   focus: org-id:cordis-999999999
#+   path: rdfs:label

BASE <https://w3id.org/techtransfer/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT DATA { <id/org/cordis-999999999> rdfs:label "Institut national"@fr }
