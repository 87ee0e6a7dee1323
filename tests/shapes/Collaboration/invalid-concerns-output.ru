#+ change: concernsOutput is a text
#+ results:
#+ - severity: Violation
#+   rule: tts:CollaborationShape-concernsOutput
#+   component: sh:NodeKindConstraintComponent
#+   focus: id:collaboration/register/1
#+   path: tt:concernsOutput
#+   value: wrong

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/collaboration/register/1> tt:concernsOutput "wrong" }
