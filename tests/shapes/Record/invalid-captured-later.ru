#+ change: the cited document is captured
#+ results:
#+ - severity: Violation
#+   rule: tts:RecordShape-evidence
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:collaboration/source/project
#+   path: tt:evidence
#+   value: id:doc/cited
#+ - severity: Violation
#+   rule: tts:RecordShape-evidence
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:edition-statement/source/2021
#+   path: tt:evidence
#+   value: id:doc/cited
#+ - severity: Violation
#+   rule: tts:RecordShape-evidence
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:finding/source/talent
#+   path: tt:evidence
#+   value: id:doc/cited
#+ - severity: Violation
#+   rule: tts:RecordShape-evidence
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:recommendation/source/talent
#+   path: tt:evidence
#+   value: id:doc/cited

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/doc/cited> tt:contentDigest "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" }
