#+ change: a second source
#+ results:
#+ - severity: Violation
#+   rule: tts:CurrencyConversionShape-cells
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:conversion/value
#+   path: tt:sourceObservation
#+   value: id:obs/source/yen
#+ - severity: Violation
#+   rule: tts:CurrencyConversionShape-impliedRate
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:conversion/value
#+   path: tt:impliedRate
#+   value: '6.7166'
#+ - severity: Violation
#+   rule: tts:CurrencyConversionShape-sourceObservation
#+   component: sh:MaxCountConstraintComponent
#+   focus: id:conversion/value
#+   path: tt:sourceObservation
#+ - severity: Warning
#+   rule: tts:CurrencyConversionAdvice-corridor
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:conversion/value
#+   path: tt:impliedRate
#+   value: '6.7166'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/conversion/value> tt:sourceObservation <id/obs/source/yen> }
