#+ change: no jurisdiction
#+ results:
#+ - severity: Violation
#+   rule: tts:PolicyShape-jurisdiction
#+   component: sh:MinCountConstraintComponent
#+   focus: id:policy/plan
#+   path: tt:jurisdiction

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/policy/plan> tt:jurisdiction <id/area/CN> }
