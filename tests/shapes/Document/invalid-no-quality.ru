#+ change: no source quality
#+ results:
#+ - severity: Warning
#+   rule: tts:DocumentAdvice-sourceQuality
#+   component: sh:MinCountConstraintComponent
#+   focus: id:doc/report
#+   path: tt:sourceQuality

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/doc/report> tt:sourceQuality code:official }
