#+ change: no organization
#+ results:
#+ - severity: Violation
#+   rule: tts:ParticipationShape-participant
#+   component: sh:MinCountConstraintComponent
#+   focus: id:participation/register/1-a
#+   path: tt:participant

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/participation/register/1-a> tt:participant <id/org/a> }
