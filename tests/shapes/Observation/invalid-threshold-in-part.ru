#+ change: an observation without threshold gets the unit of one
#+ results:
#+ - severity: Violation
#+   rule: tts:ObservationShape-threshold
#+   component: sh:SPARQLConstraintComponent
#+   focus: id:obs/source/value
#+   value: id:obs/source/value

BASE <https://w3id.org/techtransfer/>
PREFIX tt: <https://w3id.org/techtransfer/ontology#>

INSERT DATA { <id/obs/source/value> tt:thresholdUnit <concept/unit/CNY> }
