#+ change: no rationale
#+ results:
#+ - severity: Violation
#+   rule: tts:AssessmentShape-rationale
#+   component: sh:MinCountConstraintComponent
#+   focus: id:assessment/1
#+   path: tt:rationale

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/assessment/1> tt:rationale "counts institutions in the original"@en }
