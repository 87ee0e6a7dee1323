#+ change: inPopulation is a text
#+ results:
#+ - severity: Violation
#+   rule: tts:OrganizationShape-inPopulation
#+   component: sh:NodeKindConstraintComponent
#+   focus: org-id:institute
#+   path: tt:inPopulation
#+   value: wrong

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/org/institute> tt:inPopulation "wrong" }
