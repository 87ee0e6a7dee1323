#+ change: succeededBy is a text
#+ results:
#+ - severity: Violation
#+   rule: tts:OrganizationShape-succeededBy
#+   component: sh:NodeKindConstraintComponent
#+   focus: org-id:institute
#+   path: tt:succeededBy
#+   value: wrong

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/org/institute> tt:succeededBy "wrong" }
