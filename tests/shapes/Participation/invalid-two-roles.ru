#+ change: a second role
#+ results:
#+ - severity: Violation
#+   rule: tts:ParticipationShape-participationRole
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:participation/register/1-a
#+   path: tt:participationRole

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

INSERT DATA { <id/participation/register/1-a> tt:participationRole code:host }
