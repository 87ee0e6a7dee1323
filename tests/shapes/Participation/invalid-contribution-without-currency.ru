#+ change: the contribution has no currency
#+ results:
#+ - severity: Violation
#+   rule: tts:ParticipationShape-contributionUnit
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:participation/register/1-a
#+   path: tt:contribution
#+   value: '250000'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/participation/register/1-a> tt:contributionUnit <concept/unit/EUR> }
