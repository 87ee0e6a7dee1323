#+ change: the document was never captured
#+ results:
#+ - severity: Warning
#+   rule: tts:DocumentAdvice-contentDigest
#+   component: sh:MinCountConstraintComponent
#+   focus: id:doc/report
#+   path: tt:contentDigest

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/doc/report> tt:contentDigest "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" }
