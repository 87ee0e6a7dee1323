#+ change: an addend is in yuan
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-units
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/sum
#+   value: id:obs/source/work

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/work> tt:unit <concept/unit/count> } ;
INSERT DATA { <id/obs/source/work> tt:unit <concept/unit/CNY> }
