#+ change: money per contract is called a ratio
#+ results:
#+ - severity: Violation
#+   rule: tts:DerivationShape-units
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:derivation/mean
#+   value: id:obs/derived/sum

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/derived/mean> tt:unit <concept/unit/CNY> } ;
INSERT DATA { <id/obs/derived/mean> tt:unit <concept/unit/ratio> }
