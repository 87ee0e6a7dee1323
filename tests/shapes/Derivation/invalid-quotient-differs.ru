#+ change: the stored mean has two digits exchanged
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-value
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/mean
#+   value: id:obs/derived/mean

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/derived/mean> tt:value 269018.724217 } ;
INSERT DATA { <id/obs/derived/mean> tt:value 269081.724217 }
