#+ change: the rate is ten times too low
#+ results:
#+ - severity: Warning
#+   rule: tts:CurrencyConversionAdvice-corridor
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:conversion/income
#+   path: tt:impliedRate
#+   value: '10.68'

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/conversion/income> tt:impliedRate 106.8 } ;
INSERT DATA { <id/conversion/income> tt:impliedRate 10.68 }
