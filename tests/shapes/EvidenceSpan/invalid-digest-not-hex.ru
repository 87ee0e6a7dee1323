#+ change: the digest loses its last digit
#+ results:
#+ - severity: Violation
#+   rule: tts:EvidenceSpanShape-spanDigest
#+   component: sh:PatternConstraintComponent
#+   focus: id:doc/report/span/204-222
#+   path: tt:spanDigest
#+   value: 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a488

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/doc/report/span/204-222> tt:spanDigest "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" } ;
INSERT DATA { <id/doc/report/span/204-222> tt:spanDigest "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a488" }
