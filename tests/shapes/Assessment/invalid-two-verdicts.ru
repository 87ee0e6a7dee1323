#+ change: a second verdict
#+ results:
#+ - severity: Violation
#+   rule: tts:AssessmentShape-verdict
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:assessment/1
#+   path: tt:verdict

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

INSERT DATA { <id/assessment/1> tt:verdict code:contradicts }
