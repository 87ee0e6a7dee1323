#+ change: both sides are in yuan
#+ results:
#+ - severity: Violation
#+   rule: tts:CurrencyConversionShape-units
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:conversion/value
#+   path: tt:targetObservation
#+   value: id:obs/source/dollars

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/dollars> tt:unit <concept/unit/USD> } ;
INSERT DATA { <id/obs/source/dollars> tt:unit <concept/unit/CNY> }
