#+ change: no target
#+ results:
#+ - severity: Violation
#+   rule: tts:CurrencyConversionShape-targetObservation
#+   component: sh:MinCountConstraintComponent
#+   focus: id:conversion/value
#+   path: tt:targetObservation

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/conversion/value> tt:targetObservation <id/obs/source/dollars> }
