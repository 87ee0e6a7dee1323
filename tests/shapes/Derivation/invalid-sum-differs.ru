#+ change: the stored sum is one too high
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-sum
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/sum
#+   value: id:obs/derived/sum
#+ - severity: Violation
#+   rule: tts:DerivationShape-value
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/mean
#+   value: id:obs/derived/mean

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/derived/sum> tt:value 466882.0 } ;
INSERT DATA { <id/obs/derived/sum> tt:value 466883.0 }
