#+ change: the sides are about different cells
#+ results:
#+ - severity: Violation
#+   rule: tts:CurrencyConversionShape-cells
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:conversion/value
#+   path: tt:sourceObservation
#+   value: id:obs/source/yuan

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/dollars> tt:cell <id/cell/value> } ;
INSERT DATA { <id/obs/source/dollars> tt:cell <id/cell/income> }
