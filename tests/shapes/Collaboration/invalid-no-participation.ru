#+ change: a collaboration of which nothing is said, so that it is no funded project either
#+ results:
#+ - severity: Violation
#+   rule: tts:CollaborationShape-collaborationType
#+   component: sh:MinCountConstraintComponent
#+   focus: id:collaboration/register/3
#+   path: tt:collaborationType
#+ - severity: Violation
#+   rule: tts:CollaborationShape-hasParticipation
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:collaboration/register/3
#+   path: tt:hasParticipation
#+   value: id:collaboration/register/3

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/collaboration/register/3> a tt:Collaboration }
