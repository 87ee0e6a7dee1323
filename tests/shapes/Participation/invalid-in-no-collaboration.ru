#+ change: no collaboration has it
#+ results:
#+ - severity: Violation
#+   rule: tts:ParticipationShape-collaboration
#+   component: sh:MinCountConstraintComponent
#+   focus: id:participation/register/1-a
#+   path: ^tt:hasParticipation

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/collaboration/register/1> tt:hasParticipation <id/participation/register/1-a> }
