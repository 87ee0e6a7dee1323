#+ change: no label
#+ results:
#+ - severity: Violation
#+   rule: tts:OrganizationShape-label
#+   component: sh:MinCountConstraintComponent
#+   focus: org-id:ror-03cve4549
#+   path: rdfs:label

BASE <https://w3id.org/techtransfer/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE DATA { <id/org/ror-03cve4549> rdfs:label "Institut" }
