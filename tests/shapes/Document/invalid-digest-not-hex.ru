#+ change: a digit of the digest is written in upper case
#+ results:
#+ - severity: Violation
#+   rule: tts:DocumentShape-contentDigest
#+   component: sh:PatternConstraintComponent
#+   focus: id:doc/report
#+   path: tt:contentDigest
#+   value: 2D711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/doc/report> tt:contentDigest "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" } ;
INSERT DATA { <id/doc/report> tt:contentDigest "2D711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" }
