#+ change: no issuer
#+ results:
#+ - severity: Violation
#+   rule: tts:PolicyShape-issuedBy
#+   component: sh:MinCountConstraintComponent
#+   focus: id:policy/plan
#+   path: tt:issuedBy

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/policy/plan> tt:issuedBy <id/org/ministry> }
