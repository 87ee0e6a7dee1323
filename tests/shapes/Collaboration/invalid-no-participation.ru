#+ change: nobody takes part
#+ results:
#+ - severity: Violation
#+   rule: tts:CollaborationShape-hasParticipation
#+   component: sh:MinCountConstraintComponent
#+   focus: id:collaboration/register/2
#+   path: tt:hasParticipation

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/collaboration/register/2> tt:hasParticipation <id/participation/register/2-a> }
