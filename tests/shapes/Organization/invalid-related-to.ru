#+ change: relatedTo is a text
#+ results:
#+ - severity: Violation
#+   rule: tts:OrganizationShape-relatedTo
#+   component: sh:NodeKindConstraintComponent
#+   focus: org-id:institute
#+   path: tt:relatedTo
#+   value: wrong

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/org/institute> tt:relatedTo "wrong" }
