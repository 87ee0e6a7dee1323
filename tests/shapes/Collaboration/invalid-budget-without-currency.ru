#+ change: the budget has no currency
#+ results:
#+ - severity: Violation
#+   rule: tts:CollaborationShape-budgetUnit
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:collaboration/register/1
#+   path: tt:budget
#+   value: '1000000'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/collaboration/register/1> tt:budgetUnit <concept/unit/EUR> }
