#+ change: a second type
#+ results:
#+ - severity: Violation
#+   rule: tts:PolicyShape-policyType
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:policy/plan
#+   path: tt:policyType

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

INSERT DATA { <id/policy/plan> tt:policyType code:law }
