#+ change: a second source quality
#+ results:
#+ - severity: Violation
#+   rule: tts:DocumentShape-sourceQuality
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:doc/report
#+   path: tt:sourceQuality

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

INSERT DATA { <id/doc/report> tt:sourceQuality code:press }
