#+ change: a second target
#+ results:
#+ - severity: Violation
#+   rule: tts:CurrencyConversionShape-impliedRate
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:conversion/value
#+   path: tt:impliedRate
#+   value: '6.7166'
#+ - severity: Violation
#+   rule: tts:CurrencyConversionShape-targetObservation
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:conversion/value
#+   path: tt:targetObservation
#+ - severity: Violation
#+   rule: tts:CurrencyConversionShape-units
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:conversion/value
#+   path: tt:targetObservation
#+   value: id:obs/source/yuan

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/conversion/value> tt:targetObservation <id/obs/source/yuan> }
