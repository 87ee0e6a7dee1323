#+ change: the source is not described
#+ results:
#+ - severity: Violation
#+   rule: tts:CurrencyConversionShape-sourceObservation
#+   component: sh:ClassConstraintComponent
#+   focus: id:conversion/value
#+   path: tt:sourceObservation
#+   value: id:obs/source/yuan

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/yuan> a tt:Observation }
