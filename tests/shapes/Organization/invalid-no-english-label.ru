#+ change: the curated organization has no English label
#+ results:
#+ - severity: Warning
#+   rule: tts:OrganizationAdvice-label
#+   component: sh:SPARQLConstraintComponent
#+   focus: org-id:institute
#+   path: rdfs:label
#+   value: org-id:institute

BASE <https://w3id.org/techtransfer/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE DATA { <id/org/institute> rdfs:label "Institute"@en }
