#+ change: established is a text
#+ results:
#+ - severity: Violation
#+   rule: tts:OrganizationShape-established
#+   component: sh:DatatypeConstraintComponent
#+   focus: org-id:institute
#+   path: tt:established
#+   value: wrong

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/org/institute> tt:established "wrong" }
