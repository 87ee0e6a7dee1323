#+ change: the threshold has no comparator
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-cellKey
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/threshold
#+   path: tt:cell
#+   value: id:cell/threshold
#+ - severity: Violation
#+   rule: tts:ObservationShape-threshold
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/threshold
#+   value: id:obs/source/threshold

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX code: <https://w3id.org/techtransfer/concept/code/>

DELETE DATA { <id/obs/source/threshold> tt:thresholdComparator code:above }
