#+ change: the threshold is another than the key says
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-cellKey
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/threshold
#+   path: tt:cell
#+   value: id:cell/threshold

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

DELETE DATA { <id/obs/source/threshold> tt:thresholdValue 1000000.50 } ;
INSERT DATA { <id/obs/source/threshold> tt:thresholdValue 1000000.05 }
