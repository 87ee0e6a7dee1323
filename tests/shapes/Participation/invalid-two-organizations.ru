#+ change: a second organization
#+ results:
#+ - severity: Violation
#+   rule: tts:ParticipationShape-participant
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:participation/register/1-a
#+   path: tt:participant

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/participation/register/1-a> tt:participant <id/org/b> }
