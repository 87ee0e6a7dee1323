#+ change: the indicator is not described
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-indicator
#+   component: sh:ClassConstraintComponent
#+   focus: id:obs/source/threshold
#+   path: tt:indicator
#+   value: ind:organizations-above-threshold

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/indicator/organizations-above-threshold> a tt:Indicator }
