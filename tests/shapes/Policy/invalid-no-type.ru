#+ change: no type
#+ results:
#+ - severity: Violation
#+   rule: tts:PolicyShape-policyType
#+   component: sh:MinCountConstraintComponent
#+   focus: id:policy/plan
#+   path: tt:policyType

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/policy/plan> tt:policyType code:plan }
