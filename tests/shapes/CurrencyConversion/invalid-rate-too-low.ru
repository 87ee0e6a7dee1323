#+ change: the rate lies just below what the roundings allow
#+ results:
#+ - severity: Violation
#+   rule: tts:CurrencyConversionShape-impliedRate
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:conversion/value
#+   path: tt:impliedRate
#+   value: '6.6959'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/conversion/value> tt:impliedRate 6.7166 } ;
INSERT DATA { <id/conversion/value> tt:impliedRate 6.6959 }
