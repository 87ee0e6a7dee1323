#+ change: one organization leaves
#+ results:
#+ - severity: Warning
#+   rule: tts:CollaborationAdvice-alone
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:collaboration/register/1
#+   value: org-id:a

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/collaboration/register/1> tt:hasParticipation <id/participation/register/1-b> }
