#+ change: nobody takes part in a funded project
#+ results:
#+ - severity: Warning
#+   rule: tts:CollaborationAdvice-nobody
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:collaboration/register/2
#+   path: tt:hasParticipation
#+   value: id:collaboration/register/2

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/collaboration/register/2> tt:hasParticipation <id/participation/register/2-a> }
