#+ change: the target is not described
#+ results:
#+ - severity: Violation
#+   rule: tts:CurrencyConversionShape-targetObservation
#+   component: sh:ClassConstraintComponent
#+   focus: id:conversion/value
#+   path: tt:targetObservation
#+   value: id:obs/source/dollars

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/dollars> a tt:Observation }
