#+ change: a second status
#+ results:
#+ - severity: Violation
#+   rule: tts:OrganizationShape-organizationStatus
#+   component: sh:MaxCountConstraintComponent
#+   focus: org-id:institute
#+   path: tt:organizationStatus

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

INSERT DATA { <id/org/institute> tt:organizationStatus code:inactive }
