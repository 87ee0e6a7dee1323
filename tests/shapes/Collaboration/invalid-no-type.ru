#+ change: no type
#+ results:
#+ - severity: Violation
#+   rule: tts:CollaborationShape-collaborationType
#+   component: sh:MinCountConstraintComponent
#+   focus: id:collaboration/register/1
#+   path: tt:collaborationType

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/collaboration/register/1> tt:collaborationType code:joint-platform-operation }
