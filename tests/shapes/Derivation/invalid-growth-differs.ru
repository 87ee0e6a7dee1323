#+ change: the stored growth is that of the press notice
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-value
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/growth
#+   value: id:obs/derived/growth

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/derived/growth> tt:value 0.156538 } ;
INSERT DATA { <id/obs/derived/growth> tt:value 0.126 }
