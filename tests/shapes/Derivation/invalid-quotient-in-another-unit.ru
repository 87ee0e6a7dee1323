#+ change: the mean is in dollars
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-units
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/mean
#+   value: id:obs/source/value

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/derived/mean> tt:unit <concept/unit/CNY> } ;
INSERT DATA { <id/obs/derived/mean> tt:unit <concept/unit/USD> }
