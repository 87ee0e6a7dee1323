#+ change: atEvent is a text
#+ results:
#+ - severity: Violation
#+   rule: tts:CollaborationShape-atEvent
#+   component: sh:NodeKindConstraintComponent
#+   focus: id:collaboration/register/1
#+   path: tt:atEvent
#+   value: wrong

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/collaboration/register/1> tt:atEvent "wrong" }
