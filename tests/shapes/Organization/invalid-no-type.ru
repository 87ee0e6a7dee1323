#+ change: the curated organization has no type
#+ results:
#+ - severity: Warning
#+   rule: tts:OrganizationAdvice-organizationType
#+   component: sh:SPARQLConstraintComponent
#+   focus: org-id:institute
#+   path: tt:organizationType
#+   value: org-id:institute

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/org/institute> tt:organizationType code:research-institute }
