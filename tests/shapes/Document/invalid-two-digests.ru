#+ change: a second digest
#+ results:
#+ - severity: Violation
#+   rule: tts:DocumentShape-contentDigest
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:doc/report
#+   path: tt:contentDigest

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/doc/report> tt:contentDigest "3d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" }
