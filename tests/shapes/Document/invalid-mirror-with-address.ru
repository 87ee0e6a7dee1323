#+ change: the document is a mirror
#+ results:
#+ - severity: Violation
#+   rule: tts:DocumentShape-mirrorAddress
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:doc/report
#+   path: dcterms:source
#+   value: https://example.org/report

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/doc/report> tt:sourceQuality code:official } ;
INSERT DATA { <id/doc/report> tt:sourceQuality code:mirror }
