#+ change: no source
#+ results:
#+ - severity: Violation
#+   rule: tts:CurrencyConversionShape-sourceObservation
#+   component: sh:MinCountConstraintComponent
#+   focus: id:conversion/value
#+   path: tt:sourceObservation

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/conversion/value> tt:sourceObservation <id/obs/source/yuan> }
