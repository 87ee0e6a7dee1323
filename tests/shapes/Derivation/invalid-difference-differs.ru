#+ change: the stored difference is one yuan off
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-value
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/before
#+   value: id:obs/derived/before

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/derived/before> tt:value 108600000000.0 } ;
INSERT DATA { <id/obs/derived/before> tt:value 108600000001.0 }
