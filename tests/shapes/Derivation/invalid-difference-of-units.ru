#+ change: what is subtracted is in dollars
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-units
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/before
#+   value: id:obs/source/increase

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/increase> tt:unit <concept/unit/CNY> } ;
INSERT DATA { <id/obs/source/increase> tt:unit <concept/unit/USD> }
