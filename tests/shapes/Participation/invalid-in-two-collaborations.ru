#+ change: two collaborations have it
#+ results:
#+ - severity: Violation
#+   rule: tts:ParticipationShape-collaboration
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:participation/register/1-a
#+   path: ^tt:hasParticipation

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/collaboration/register/2> tt:hasParticipation <id/participation/register/1-a> }
