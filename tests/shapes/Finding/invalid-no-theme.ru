#+ change: no theme
#+ results:
#+ - severity: Violation
#+   rule: tts:FindingShape-theme
#+   component: sh:MinCountConstraintComponent
#+   focus: id:finding/source/talent
#+   path: tt:theme

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/finding/source/talent> tt:theme <concept/theme/talent> }
